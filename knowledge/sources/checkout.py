"""What Git knows of the files of a checkout.

Read by dulwich and not by the git program, which runs what an untrusted checkout's
configuration names.
"""

from __future__ import annotations

import os
import re
import threading
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path, PurePosixPath
from urllib.parse import quote

from dulwich.errors import NotGitRepository
from dulwich.ignore import IgnoreFilterManager
from dulwich.refs import HEADREF
from dulwich.repo import Repo
from dulwich.walk import WalkEntry

from knowledge.errors import SourceError

MOST_COMMITS = 5_000
"""How far back the dates of files are looked for."""

_REMOTE = re.compile(
    r"(?:\w+://)?(?:[^@/]*@)?(github\.com|gitlab\.com)(?::\d+)?[:/]+([^?#]+?)(?:\.git)?/*"
)
_FILES = {"github.com": "blob", "gitlab.com": "-/blob"}


class Checkout:
    """A checkout, or a folder of one.

    Args:
        path: the folder that file names are given below.

    Raises:
        SourceError: it is no checkout, or its index is damaged.
    """

    def __init__(self, path: Path) -> None:
        try:
            with closing(Repo.discover(path)) as repo:
                self._root = Path(os.path.realpath(repo.path))
                self._ignored = IgnoreFilterManager.from_repo(repo)
                self._tracked = frozenset(map(os.fsdecode, repo.open_index()))
                self._files_at = _files_at(repo)
        except NotGitRepository:
            raise SourceError(f"{path}: there is no Git checkout.") from None
        except Exception:  # noqa: BLE001 - dulwich fails in many ways when something is damaged
            raise SourceError(f"{path}: the Git checkout is damaged; clone it anew.") from None
        self._folders = {str(p) for name in self._tracked for p in PurePosixPath(name).parents}
        self._path = path
        self._below = Path(os.path.realpath(path)).relative_to(self._root)
        self._dates: dict[str, str] = {}
        self._walk = _changes(self._root)
        self._walking = threading.Lock()

    def holds(self, path: Path) -> bool:
        """Whether Git would keep a file, or any file of a folder: it is tracked or not ignored."""
        name = self._name(path)
        if path.is_symlink():
            return False
        if path.is_dir():
            module = (path / ".git").exists()  # another repository inside of this one
            return not module and (name in self._folders or not self._ignores(f"{name}/"))
        return name in self._tracked or not self._ignores(name)

    def _ignores(self, name: str) -> bool:
        return bool(self._ignored.is_ignored(name))

    def address_of(self, file: Path) -> str:
        """Where a tracked file stands on the web; empty if that is nowhere that is known."""
        name = self._name(file)
        return self._files_at + quote(name) if self._files_at and name in self._tracked else ""

    def date_of(self, file: Path) -> str:
        """The day (UTC) of the last commit that changed a file; empty if none is found."""
        name = self._name(file)
        with self._walking:
            while name not in self._dates:
                changed = next(self._walk, None)
                if changed is None:
                    return ""
                for each in changed.names:
                    self._dates.setdefault(each, changed.day)
            return self._dates[name]

    def _name(self, file: Path) -> str:
        return (self._below / file.relative_to(self._path)).as_posix()


@dataclass(frozen=True)
class _Change:
    """The files that a commit changed, and its day."""

    day: str
    names: frozenset[str]


def _changes(root: Path) -> Iterator[_Change]:
    """The changes of the last commits, the newest first, as far as the history is whole."""
    try:
        with closing(Repo(str(root))) as repo:
            cut = repo.get_shallow()  # their parents are missing: all files look changed
            for entry in repo.get_walker(max_entries=MOST_COMMITS):
                if entry.commit.id not in cut:
                    yield _Change(_day(entry.commit.commit_time), frozenset(_changed(entry)))
    except Exception:  # noqa: BLE001 - there is no commit yet, or the history is damaged
        return


def _changed(entry: WalkEntry) -> Iterator[str]:
    for change in entry.changes():
        # A merge has a list for each file that differs from all of its parents.
        for each in change if isinstance(change, list) else [change]:
            if each is not None and each.new is not None and each.new.path is not None:
                yield os.fsdecode(each.new.path)


def _day(seconds: int) -> str:
    return datetime.fromtimestamp(seconds, UTC).date().isoformat()


def _files_at(repo: Repo) -> str:
    """The address that the names of files are appended to; empty if the host is unknown.

    It names the branch and not the commit, so that a new commit doesn't touch every article.
    """
    try:
        remote = repo.get_config().get((b"remote", b"origin"), b"url").decode()
    except (KeyError, UnicodeDecodeError):
        return ""
    known = _REMOTE.fullmatch(remote)
    head = repo.refs.get_symrefs().get(HEADREF, HEADREF).decode(errors="replace")
    branch = quote(head.removeprefix("refs/heads/"))
    return f"https://{known[1]}/{known[2]}/{_FILES[known[1]]}/{branch}/" if known else ""
