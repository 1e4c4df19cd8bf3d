"""Git checkouts of documentation."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from dulwich import porcelain
from dulwich.objects import Commit, ObjectID
from dulwich.refs import HEADREF, Ref

from knowledge.errors import SourceError
from knowledge.sources import Document, Problem, Tools, open_source
from knowledge.sources.declaring import Declaration, Kind

WHO = b"Ada <ada@example.org>"


class Docs:
    """A checkout with a history."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.repo = porcelain.init(str(path))

    def write(self, name: str, text: str) -> Path:
        """Write a file, and leave it to nobody."""
        file = self.path / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8")
        return file

    def commit(self, day: str, **files: str) -> bytes:
        """Commit files; in their names, ``_`` stands for a dot and ``__`` for a slash."""
        for key, text in files.items():
            self.write(key.replace("__", "/").replace("_", "."), text)
        porcelain.add(str(self.path))
        seconds = int(datetime.fromisoformat(f"{day}T12:00").replace(tzinfo=UTC).timestamp())
        return porcelain.commit(
            str(self.path),
            message=b"change",
            author=WHO,
            committer=WHO,
            commit_timestamp=seconds,
            author_timestamp=seconds,
        )

    def remote(self, url: str) -> None:
        """Say where it was cloned from."""
        config = self.repo.get_config()
        config.set((b"remote", b"origin"), b"url", url.encode())
        config.write_to_path()

    def on_branch(self, name: str) -> None:
        """Be on a branch that does not exist before the first commit."""
        self.repo.refs.set_symbolic_ref(HEADREF, Ref(f"refs/heads/{name}".encode()))


@pytest.fixture
def docs(tmp_path: Path) -> Iterator[Docs]:
    """An empty checkout on the branch main."""
    docs = Docs(tmp_path / "docs")
    docs.on_branch("main")
    yield docs
    docs.repo.close()


def found_in(path: Path, tools: Tools, **options: str) -> dict[str, Document]:
    declaration = Declaration(location=str(path), kind=Kind.GIT, **options)
    found = list(open_source(declaration, tools).documents())
    assert not [each for each in found if isinstance(each, Problem)]
    return {each.id: each for each in found if isinstance(each, Document)}


def test_tracked_and_new_files_are_read_as_they_stand_on_disk(docs: Docs, tools: Tools) -> None:
    docs.commit("2024-02-03", a_md="# A\n\nOld.")
    docs.write("a.md", "# A\n\nNew words.")
    docs.write("nlp/b.md", "# B\n\nText.")

    found = found_in(docs.path, tools)

    assert list(found) == ["a", "nlp/b"]
    assert found["a"].parse().sections[0].text == "New words."
    assert not found["a"].remote


def test_ignored_files_are_left_out_unless_git_tracks_them(docs: Docs, tools: Tools) -> None:
    docs.commit("2024-02-03", a_md="A.", build__kept_md="Kept.")
    docs.write(".gitignore", "build/\n*.txt\n!kept.txt\n")
    docs.write("build/made.md", "Made.")
    docs.write("notes.txt", "Notes.")
    docs.write("kept.txt", "Kept.")
    docs.write("node/.gitignore", "*\n")
    docs.write("node/readme.md", "Readme.")

    assert sorted(found_in(docs.path, tools)) == ["a", "build/kept", "kept"]


def test_what_only_this_checkout_ignores_is_left_out(docs: Docs, tools: Tools) -> None:
    docs.commit("2024-02-03", a_md="A.")
    docs.write(".git/info/exclude", "private/\n")
    docs.write("private/b.md", "B.")

    assert list(found_in(docs.path, tools)) == ["a"]


def test_a_removed_file_is_gone_though_git_still_has_it(docs: Docs, tools: Tools) -> None:
    docs.commit("2024-02-03", a_md="A.", b_md="B.")
    (docs.path / "b.md").unlink()

    assert list(found_in(docs.path, tools)) == ["a"]


def test_an_article_has_the_day_of_the_last_commit_that_changed_it(
    docs: Docs, tools: Tools
) -> None:
    docs.commit("2024-01-01", a_md="A.", b_md="B.", c_md="---\ndate: 2020-05-06\n---\nC.")
    docs.commit("2024-02-02", b_md="B, better.")
    docs.write("new.md", "New.")

    found = found_in(docs.path, tools)

    dates = {name: document.parse().date for name, document in found.items()}
    assert dates == {"a": "2024-01-01", "b": "2024-02-02", "c": "2020-05-06", "new": ""}


def test_a_merge_does_not_date_what_it_brings_together(docs: Docs, tools: Tools) -> None:
    base = docs.commit("2024-01-01", a_md="A.")
    side = docs.commit("2024-01-02", b_md="B.")
    docs.repo.refs[Ref(b"refs/heads/main")] = ObjectID(base)
    main = ObjectID(docs.commit("2024-01-03", b_md="B.", c_md="C."))
    merged = docs.repo[main]
    assert isinstance(merged, Commit)
    docs.repo.get_worktree().commit(
        message=b"merge",
        author=WHO,
        committer=WHO,
        commit_timestamp=1_720_000_000,
        tree=merged.tree,
        merge_heads=[ObjectID(side)],
    )

    found = found_in(docs.path, tools)

    dates = {name: document.parse().date for name, document in found.items()}
    assert dates == {"a": "2024-01-01", "b": "2024-01-03", "c": "2024-01-03"}


def test_a_shallow_clone_dates_only_what_it_knows(docs: Docs, tools: Tools) -> None:
    docs.commit("2024-01-01", a_md="A.")
    cut = docs.commit("2024-02-02", b_md="B.")
    docs.commit("2024-03-03", c_md="C.")
    docs.repo.update_shallow({ObjectID(cut)}, set())

    found = found_in(docs.path, tools)

    dates = {name: document.parse().date for name, document in found.items()}
    assert dates == {"a": "", "b": "", "c": "2024-03-03"}


def test_a_damaged_history_leaves_articles_without_a_day(docs: Docs, tools: Tools) -> None:
    commit = docs.commit("2024-01-01", a_md="A.").decode()
    file = docs.path / ".git" / "objects" / commit[:2] / commit[2:]
    file.chmod(0o600)
    file.write_bytes(b"not an object")

    assert found_in(docs.path, tools)["a"].parse().date == ""


def test_a_checkout_without_a_commit_is_read(docs: Docs, tools: Tools) -> None:
    docs.write("a.md", "A.")

    assert found_in(docs.path, tools)["a"].parse().date == ""


@pytest.mark.parametrize(
    ("remote", "address"),
    [
        ("https://github.com/ada/docs.git", "https://github.com/ada/docs/blob/main/"),
        ("https://github.com/ada/docs/", "https://github.com/ada/docs/blob/main/"),
        ("https://me:secret@github.com/ada/docs", "https://github.com/ada/docs/blob/main/"),
        ("git@github.com:ada/docs.git", "https://github.com/ada/docs/blob/main/"),
        ("ssh://git@github.com:22/ada/docs", "https://github.com/ada/docs/blob/main/"),
        ("https://gitlab.com/a/b/docs.git", "https://gitlab.com/a/b/docs/-/blob/main/"),
        ("https://git.example.org/ada/docs", None),
        ("https://example.org/github.com/ada/docs", None),
        ("/srv/github.com/ada/docs", None),
    ],
)
def test_an_article_has_the_address_of_its_file_at_a_known_host(
    docs: Docs, tools: Tools, remote: str, address: str | None
) -> None:
    docs.commit("2024-01-01", **{"nlp__a b_md": "A."})
    docs.remote(remote)

    (document,) = found_in(docs.path, tools).values()

    assert document.parse().url == (f"{address}nlp/a%20b.md" if address else "")


def test_an_address_that_a_document_names_itself_wins(docs: Docs, tools: Tools) -> None:
    docs.commit("2024-01-01", a_md="---\nurl: https://example.org/a\n---\nA.")
    docs.remote("https://github.com/ada/docs")

    assert found_in(docs.path, tools)["a"].parse().url == "https://example.org/a"


def test_a_file_that_was_never_committed_has_no_address(docs: Docs, tools: Tools) -> None:
    docs.write("a.md", "A.")
    docs.remote("https://github.com/ada/docs")

    assert found_in(docs.path, tools)["a"].parse().url == ""


def test_a_checkout_of_no_branch_leads_to_the_head(docs: Docs, tools: Tools) -> None:
    commit = docs.commit("2024-01-01", a_md="A.")
    docs.remote("https://github.com/ada/docs")
    (docs.path / ".git" / "HEAD").write_bytes(commit + b"\n")

    url = found_in(docs.path, tools)["a"].parse().url
    assert url == "https://github.com/ada/docs/blob/HEAD/a.md"


def test_a_commit_makes_only_new_what_it_changes(docs: Docs, tools: Tools) -> None:
    docs.commit("2024-01-01", a_md="A.", b_md="B.")
    docs.remote("https://github.com/ada/docs")
    before = found_in(docs.path, tools)
    docs.commit("2024-02-02", b_md="B, better.")
    after = found_in(docs.path, tools)

    assert before["a"].fingerprint == after["a"].fingerprint
    assert before["b"].fingerprint != after["b"].fingerprint


def test_a_folder_of_a_checkout_is_read_by_itself(docs: Docs, tools: Tools) -> None:
    docs.commit("2024-01-01", src__a_md="Code.", guide__b_md="B.")
    docs.remote("https://github.com/ada/docs")

    found = found_in(docs.path / "guide", tools)

    assert list(found) == ["b"]
    article = found["b"].parse()
    assert article.url == "https://github.com/ada/docs/blob/main/guide/b.md"
    assert article.date == "2024-01-01"


def test_one_file_of_a_checkout_is_read_by_itself(docs: Docs, tools: Tools) -> None:
    docs.commit("2024-01-01", guide__b_md="B.")

    assert found_in(docs.path / "guide" / "b.md", tools)["b"].parse().date == "2024-01-01"


def test_a_checkout_behind_a_link_is_read(docs: Docs, tools: Tools, tmp_path: Path) -> None:
    docs.commit("2024-01-01", a_md="A.")
    (tmp_path / "link").symlink_to(docs.path)

    assert found_in(tmp_path / "link", tools)["a"].parse().date == "2024-01-01"


def test_only_files_that_match_are_read(docs: Docs, tools: Tools) -> None:
    docs.commit("2024-01-01", guide__a_md="A.", guide__draft_md="B.", src__c_md="C.")

    found = found_in(docs.path, tools, include="guide/*", exclude="*draft*")
    assert list(found) == ["guide/a"]


def test_links_of_a_checkout_are_not_followed(docs: Docs, tools: Tools, tmp_path: Path) -> None:
    secret = tmp_path / "secret.md"
    secret.write_text("Secret.")
    docs.commit("2024-01-01", a_md="A.")
    (docs.path / "b.md").symlink_to(secret)

    assert list(found_in(docs.path, tools)) == ["a"]


def test_a_module_is_not_part_of_its_checkout(docs: Docs, tools: Tools) -> None:
    docs.commit("2024-01-01", a_md="A.")
    (docs.path / "theme").mkdir()
    module = Docs(docs.path / "theme")
    module.commit("2024-01-01", readme_md="Readme.")
    module.repo.close()
    docs.commit("2024-01-02", b_md="B.")

    assert list(found_in(docs.path, tools)) == ["a", "b"]


def test_a_file_that_is_kept_elsewhere_is_not_an_article(docs: Docs, tools: Tools) -> None:
    pointer = "version https://git-lfs.github.com/spec/v1\noid sha256:00\nsize 12345\n"
    docs.commit("2024-01-01", a_md=pointer)

    with pytest.raises(SourceError, match=r"a\.md: its text is in Git LFS"):
        found_in(docs.path, tools)["a"].parse()


def test_a_folder_that_is_no_checkout_is_told(tmp_path: Path, tools: Tools) -> None:
    with pytest.raises(SourceError, match="there is no Git checkout"):
        found_in(tmp_path, tools)


def test_a_damaged_index_fails_as_a_whole(docs: Docs, tools: Tools) -> None:
    docs.commit("2024-01-01", a_md="A.")
    (docs.path / ".git" / "index").write_bytes(b"DIRC\0\0\0\2\0\0\0\7 nothing")

    with pytest.raises(SourceError, match="damaged") as caught:
        found_in(docs.path, tools)
    assert "\n" not in str(caught.value)


def test_nothing_that_a_checkout_configures_is_run(
    docs: Docs, tools: Tools, tmp_path: Path
) -> None:
    trace = tmp_path / "trace"
    command = docs.write(".git/hook", f"#!/bin/sh\necho run >> {trace}\n")
    command.chmod(0o755)
    docs.write(".gitattributes", "*.md filter=own diff=own")
    docs.commit("2024-01-01", a_md="A.")
    config = docs.repo.get_config()
    own = str(command).encode()
    config.set((b"core",), b"fsmonitor", own)
    config.set((b"filter", b"own"), b"smudge", own)
    config.set((b"filter", b"own"), b"clean", own)
    config.set((b"diff", b"own"), b"textconv", own)
    config.write_to_path()

    assert found_in(docs.path, tools)["a"].parse().date == "2024-01-01"
    assert not trace.exists()
