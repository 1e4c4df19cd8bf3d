"""The child process that makes the search index of an edition, or tries one out."""

from __future__ import annotations

import sys
from contextlib import closing
from pathlib import Path

import orjson

from knowledge.editions.building import build
from knowledge.editions.probing import probe
from knowledge.errors import KnowledgeError
from knowledge.library import Library


def main(arguments: list[str]) -> int:
    """Make and verify an index and print how far it is, or try one out.

    Args:
        arguments: ``build``, data directory, edition id, folder, and the base's folder or an
            empty one; or ``probe``, data directory, edition id.
    """
    task, data_dir, edition_id, *folders = arguments
    try:
        if task == "build":
            for built in build(Path(data_dir), int(edition_id), *folders):
                print(orjson.dumps(built).decode(), flush=True)
        else:
            with closing(Library.open(Path(data_dir))) as library:
                probe(Path(data_dir), library, int(edition_id))
    except KnowledgeError as error:
        print(error, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
