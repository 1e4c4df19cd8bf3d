"""Docker's health check: exits with 0 if the bot in this container answers that it is well."""

from __future__ import annotations

import os
from http.client import HTTPConnection, HTTPException

SECONDS = 4

connection = HTTPConnection("127.0.0.1", int(os.environ["EXPLAINER_OPS_PORT"]), timeout=SECONDS)
try:
    connection.request("GET", "/healthz")
    status = connection.getresponse().status
except (OSError, HTTPException) as error:
    raise SystemExit(f"The bot does not answer: {error}.") from None
if status != 200:
    raise SystemExit(f"The bot answers {status}.")
