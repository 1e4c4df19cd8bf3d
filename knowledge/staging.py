"""The child process that makes the search index of an edition."""

from __future__ import annotations

import sys
from pathlib import Path

from knowledge import editions
from knowledge.errors import KnowledgeError


def main(arguments: list[str]) -> int:
    """Make and verify an index, and print after each batch how many passages it verified.

    Args:
        arguments: data directory, edition id, folder, and the base's folder if there is one.
    """
    data_dir, edition_id, folder, *base = arguments
    try:
        for verified in editions.build(
            Path(data_dir), int(edition_id), folder, base[0] if base else None
        ):
            print(verified, flush=True)
    except KnowledgeError as error:
        print(error, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
