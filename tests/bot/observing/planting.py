"""Secrets of all kinds, and settings that hold some of them."""

from __future__ import annotations

from typing import Any

from bot.settings import Settings

# Written in pieces, so that nobody takes them for leaked ones.
KNOWN = {
    "a signing secret": "8f742231b10e-signing",
    "a client secret": 'with "quotes" and \\ and ümlaut',
    "a key for ids": "correct horse battery staple",
    "a database's password": "p@ss/w:rd-db",
    "a Chroma server's password": "chroma-pw-77",
    "a source's token": "checkout-token-5",
    "a provider's key": "prov-key-without-a-shape",
}
SHAPED = {
    "Slack's bot token": "xoxb" + "-2222222222-3333333333-AbCdEfGhIjKl",
    "Slack's app token": "xapp" + "-1-A0123-456-abcdef0123456789",
    "Slack's rotating token": "xoxe" + ".xoxp-1-Mi0yLTEyMzQ1Njc4OTA",
    "Discord's token": "MTE0NjQ4NzE3NjI4OTk3NjMy"
    + ".GxYzAb."
    + "c0ffee-c0ffee_c0ffee0c0ffee-012345678",
    "OpenAI's key": "sk" + "-proj-abcdefghijklmnop0123456789",
    "GitHub's token": "gh" + "p_0123456789abcdefghijABCDEFGHIJ",
}
WHERE_IT_STANDS = {
    "Authorization: Bearer {}": "bearer0123456789",
    "Authorization: Basic {}": "dXNlcjpzZWNyZXQ=",
    "{{'authorization': 'Bot {}'}}": "bot.token.99",
    "(b'Authorization', b'Bearer {}')": "in-bytes-012",
    "x-api-key: {}": "anthropic-api-key-1",
    "POST https://hooks.slack.com/commands/{} failed": "T01234567/2345678901/AbCdEfGhIj",
    "https://discord.com/api/v10/webhooks/123456789/{}/messages/@original": "aW50ZXJhY3Rpb246MTI",
    "https://discord.com/api/v10/interactions/1234567/{}/callback": "bW9yZSB0b2tlbnM",
    "postgresql://bot:{}@db.example/explainer": "unheard-of",
    "GET https://articles.example/feed?access_token={}&page=2": "query-token",
    '{{"response_url": "{}"}}': "https://anywhere.example/answer/here",
}


def settings(**changes: Any) -> Settings:
    """Settings that hold every known secret but the provider's key, which the environment has."""
    given: dict[str, Any] = {
        "slack_signing_secret": KNOWN["a signing secret"],
        "slack_client_secret": KNOWN["a client secret"],
        "id_key": KNOWN["a key for ids"],
        "database_url": "postgresql://bot:p%40ss%2Fw%3Ard-db@localhost/explainer",
        "chroma_url": "http://bot:chroma-pw-77@localhost:8000",
        "sources": "https://checkout-token-5@git.example/articles.git",
    }
    return Settings(_env_file=None, **(given | changes))
