"""Editions on a Chroma server, which is a real one in a process of its own."""

from __future__ import annotations

import socket
import sqlite3
import threading
from collections.abc import Callable, Iterator
from functools import cache
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any

import chromadb
import numpy as np
import pytest

from knowledge.editions import Edition, Tell, chroma, connecting
from knowledge.editions.server import ServerEditions
from knowledge.errors import IndexDamaged, ReindexRefused, StorageError
from knowledge.library import EditionRecord
from tests.fakes import HashingEmbedder
from tests.knowledge.chroma_server import ChromaProcess, ServedHouse, free_port
from tests.knowledge.house import House

NAMES = tuple(
    f"{first}{last}" for first in ("al", "be", "ga", "de", "ep") for last in ("pha", "ta")
)


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ChromaProcess]:
    """A Chroma server; each house has collections of its own on it."""
    process = ChromaProcess(tmp_path_factory.mktemp("chroma"))
    yield process
    process.stop()


@pytest.fixture
def house(tmp_path: Path, server: ChromaProcess) -> Iterator[ServedHouse]:
    """An empty house whose editions are on the server."""
    house = ServedHouse(tmp_path, server.url)
    yield house
    house.close()


@pytest.fixture
def shelved(house: ServedHouse) -> ServedHouse:
    """A house whose ten articles, of a passage each, are published."""
    house.shelve(NAMES)
    house.reindex()
    return house


@cache
def _client(url: str) -> Any:
    """A client of the server that is not the house's own."""
    return chromadb.HttpClient(url)


def _collections(house: ServedHouse) -> list[chromadb.Collection]:
    """The collections of a house."""
    owner = house.library.agree_on("chroma", "nobody")
    return [each for each in _client(house.url).list_collections() if owner in each.name]


def _collection(house: ServedHouse) -> chromadb.Collection:
    (only,) = _collections(house)
    return only


def _published(house: House) -> EditionRecord:
    record = house.library.published()
    assert record is not None
    return record


def _editions(house: ServedHouse) -> ServerEditions:
    return ServerEditions(house.data_dir, house.library, house.url)


def _open(house: ServedHouse) -> Edition:
    return _editions(house).open(_published(house))


def _change(house: House, name: str, text: str) -> None:
    house.write(name, f"The {name} is now {text}.", title=name)


def _grow_old(house: House) -> None:
    """Let all editions have been replaced long ago."""
    with sqlite3.connect(house.data_dir / "library.sqlite") as connection:
        connection.execute("UPDATE editions SET replaced = datetime(replaced, '-2 hours')")
    connection.close()


def _ids(house: ServedHouse, *records: EditionRecord) -> set[str]:
    return {key.id for record in records for key in house.library.passage_keys(record.id)}


class _Killed(ServerEditions):
    """Editions of a reindex that dies when the next one is staged."""

    def stage(self, record: EditionRecord, base: EditionRecord | None, tell: Tell) -> None:
        """Stage an edition, and no more."""
        super().stage(record, base, tell)
        raise KeyboardInterrupt


def _staged(house: ServedHouse) -> EditionRecord:
    """A further edition, as a reindex leaves it that is killed before it publishes."""
    killed = _Killed(house.data_dir, house.library, house.url)
    with pytest.raises(KeyboardInterrupt):
        house.reindexer(workshop=lambda *_: killed).run()
    record = house.library.edition(_published(house).id + 1)
    assert record is not None
    return record


def test_every_passage_of_the_first_edition_is_found(shelved: ServedHouse) -> None:
    assert shelved.lost() == []
    assert _collection(shelved).count() == 10


def test_one_changed_article_adds_only_its_passages(
    shelved: ServedHouse, monkeypatch: pytest.MonkeyPatch
) -> None:
    added: list[str] = []
    listed: list[str] = []
    upsert, get = chromadb.Collection.upsert, chromadb.Collection.get

    def noted_upsert(self: chromadb.Collection, ids: list[str], **rest: Any) -> None:
        added.extend(ids)
        upsert(self, ids, **rest)

    def noted_get(self: chromadb.Collection, ids: Any = None, **rest: Any) -> Any:
        if ids is None:
            listed.append(self.name)
        return get(self, ids, **rest)

    monkeypatch.setattr(chromadb.Collection, "upsert", noted_upsert)
    monkeypatch.setattr(chromadb.Collection, "get", noted_get)
    before = _ids(shelved, _published(shelved))
    _change(shelved, "alpha", "other")

    shelved.reindex()

    assert set(added) == _ids(shelved, _published(shelved)) - before
    assert (len(added), listed) == (1, [])
    assert shelved.lost() == []


def test_a_search_finds_only_passages_of_its_edition(shelved: ServedHouse) -> None:
    edition = _open(shelved)
    for name in NAMES:
        _change(shelved, name, "other")
    staged = _staged(shelved)
    assert _collection(shelved).count() == 20
    vector = shelved.embedder.embed_question("The alpha is now other.")

    now = edition.nearest(vector, 100)
    then = _editions(shelved).open(staged).nearest(vector, 100)

    assert sorted(now) == sorted(then) == list(range(10))
    assert max(then.values()) > 0.8 > max(now.values())


def test_a_search_goes_on_until_it_has_enough_of_its_edition(
    shelved: ServedHouse, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(chroma, "_SEARCHED_AMONG", 2)
    for name in NAMES:
        _change(shelved, name, "other")
    _staged(shelved)

    found = _open(shelved).nearest(shelved.embedder.embed_question("now other"), 5)

    assert len(found) == 5


def test_what_no_kept_edition_holds_is_removed(shelved: ServedHouse) -> None:
    for number in range(4):
        _change(shelved, "alpha", f"number {number}")
        shelved.reindex()
    young = _collection(shelved).count()
    _grow_old(shelved)
    _change(shelved, "alpha", "the last")

    shelved.reindex()

    kept = [each.record for each in shelved.library.overview()]
    assert (young, len(kept)) == (14, 3)
    assert set(_collection(shelved).get()["ids"]) == _ids(shelved, *kept)
    assert shelved.lost() == []


def test_an_earlier_edition_serves_again(shelved: ServedHouse) -> None:
    base = shelved.base()
    _change(shelved, "alpha", "other")
    shelved.reindex()
    assert "other" in base.retrieve("What is alpha now?").passages[0].passage.text

    shelved.reindexer().roll_back()

    assert "alphaers" in base.retrieve("What is alpha?").passages[0].passage.text
    assert shelved.lost() == []


def test_what_a_killed_reindex_left_on_the_server_is_removed_by_the_next(
    shelved: ServedHouse,
) -> None:
    _change(shelved, "alpha", "never published")
    _staged(shelved)
    _change(shelved, "alpha", "published")

    shelved.reindex()

    kept = [each.record for each in shelved.library.overview()]
    assert set(_collection(shelved).get()["ids"]) == _ids(shelved, *kept)


def test_what_nobody_knows_any_more_disturbs_no_search_and_is_removed(
    shelved: ServedHouse,
) -> None:
    """A reindex may die between forgetting in the library and forgetting on the server."""
    vector = shelved.embedder.embed_question("What is alpha?")
    _collection(shelved).add(ids=["stray"], embeddings=vector)
    assert len(_open(shelved).nearest(vector, 10)) == 10

    shelved.reindex(force=True)

    assert set(_collection(shelved).get()["ids"]) == _ids(shelved, _published(shelved))


def test_what_nobody_knows_any_more_does_not_hide_a_new_passage_with_the_same_vector(
    shelved: ServedHouse,
) -> None:
    vector = shelved.embedder.embed_question("zeta\nThe zeta is what zetaers call a zetaing.")
    strays = [f"stray{number}" for number in range(5)]
    _collection(shelved).add(ids=strays, embeddings=np.stack([vector] * 5))
    shelved.shelve(["zeta"])

    shelved.reindex()

    assert shelved.lost() == []
    assert _collection(shelved).count() == 11


def test_an_edition_is_not_published_when_the_server_loses_a_passage_at_once(
    shelved: ServedHouse, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = _published(shelved)
    upsert = chromadb.Collection.upsert

    def lose_the_last(self: chromadb.Collection, ids: list[str], embeddings: Any) -> None:
        if ids[:-1]:
            upsert(self, ids[:-1], embeddings=embeddings[:-1])

    shelved.shelve(["zeta", "eta", "theta"])
    monkeypatch.setattr(chromadb.Collection, "upsert", lose_the_last)

    with pytest.raises(ReindexRefused, match="does not hold all that was put in"):
        shelved.reindex()

    assert _published(shelved) == before


def test_a_passage_of_two_editions_is_there_once_and_stays_for_the_other(
    shelved: ServedHouse,
) -> None:
    for _ in range(3):
        shelved.reindex(force=True)
        _grow_old(shelved)
    shelved.reindex(force=True)

    assert _collection(shelved).count() == 10
    assert shelved.lost() == []


def test_another_embedding_has_another_collection_and_the_old_one_goes_with_its_last_edition(
    shelved: ServedHouse,
) -> None:
    before = _collection(shelved).name
    shelved.embedder = HashingEmbedder("hashing@2", dimensions=32)
    counts = []
    for _ in range(3):
        shelved.reindex(force=True)
        counts.append(len(_collections(shelved)))
        _grow_old(shelved)

    assert counts == [2, 2, 1]
    assert _collection(shelved).name != before
    assert shelved.lost() == []


def test_another_data_directory_on_the_same_server_is_left_alone(
    shelved: ServedHouse, tmp_path: Path
) -> None:
    other = ServedHouse(tmp_path / "other", shelved.url)
    other.shelve(["zeta"])
    other.reindex()
    other.reindex(force=True)

    assert shelved.lost() == other.lost() == []
    assert _collection(shelved).name != _collection(other).name
    other.close()


@pytest.fixture
def stoppable(server: ChromaProcess) -> Iterator[ChromaProcess]:
    """The server, which runs again after the test."""
    yield server
    server.start()


def test_questions_are_told_in_one_line_that_the_server_is_gone_and_answered_when_it_is_back(
    shelved: ServedHouse, stoppable: ChromaProcess
) -> None:
    base = shelved.base()
    before = base.retrieve("What is alpha?")
    stoppable.stop()

    with pytest.raises(StorageError, match=f"No Chroma server answers at {stoppable.url}") as told:
        base.retrieve("What is beta?")
    stoppable.start()

    assert "\n" not in str(told.value)
    assert base.retrieve("What is alpha?") == before


def test_a_server_that_lost_everything_is_filled_without_embedding(
    shelved: ServedHouse, stoppable: ChromaProcess
) -> None:
    edition, embedded = _open(shelved), len(shelved.embedder.embedded)
    stoppable.lose_everything()

    with pytest.raises(IndexDamaged, match="does not exist"):
        edition.nearest(shelved.embedder.embed_question("alpha"), 3)

    assert shelved.lost() == []
    assert len(shelved.embedder.embedded) == embedded


def test_a_reindex_fills_a_server_that_lost_the_collection(shelved: ServedHouse) -> None:
    _client(shelved.url).delete_collection(_collection(shelved).name)
    _change(shelved, "alpha", "other")

    report = shelved.reindex()

    assert (report.embedded, _collection(shelved).count()) == (1, 11)
    assert shelved.lost() == []


@pytest.mark.parametrize("lost", [1, 10])
def test_an_open_edition_does_not_hide_that_the_server_lost_passages(
    shelved: ServedHouse, lost: int
) -> None:
    edition = _open(shelved)
    _collection(shelved).delete(ids=[key.id for key in edition.keys[:lost]])

    with pytest.raises(IndexDamaged, match="lost passages"):
        edition.nearest(shelved.embedder.embed_question("alpha"), 100)


def test_a_server_that_lost_a_part_is_filled_when_the_edition_is_opened(
    shelved: ServedHouse,
) -> None:
    gone = [key.id for key in shelved.library.passage_keys(_published(shelved).id)][:3]
    _collection(shelved).delete(ids=gone)
    base = shelved.base()
    with pytest.raises(IndexDamaged, match="lacks passages"):
        base.editions.probe(base.published())

    base.probe()
    base.editions.probe(base.published())

    assert _collection(shelved).count() == 10


def test_a_reindex_notices_what_the_server_lost_of_other_editions(shelved: ServedHouse) -> None:
    first = _published(shelved)
    _change(shelved, "alpha", "other")
    shelved.reindex()
    gone = _ids(shelved, first) - _ids(shelved, _published(shelved))
    _collection(shelved).delete(ids=sorted(gone))

    shelved.reindex(force=True)

    assert gone <= set(_collection(shelved).get()["ids"])


def test_a_probe_notices_vectors_that_are_not_the_passages_own(shelved: ServedHouse) -> None:
    editions, record = _editions(shelved), _published(shelved)
    ids = sorted(_ids(shelved, record))
    stranger = np.eye(64, dtype=np.float32)[:10]
    _collection(shelved).update(ids=ids, embeddings=stranger)

    with pytest.raises(IndexDamaged, match="not found by its own vector"):
        editions.probe(record)
    editions.rebuild(record)

    editions.probe(record)


def test_damaged_files_beside_the_server_are_written_again(shelved: ServedHouse) -> None:
    folder = shelved.data_dir / "editions" / _published(shelved).folder
    (folder / "vectors.bin").write_bytes(b"no vectors")
    embedded = len(shelved.embedder.embedded)

    assert shelved.lost() == []
    assert (folder.exists(), len(shelved.embedder.embedded)) == (True, embedded)


def _nowhere() -> str:
    return f"http://127.0.0.1:{free_port()}"


def test_a_reindex_that_cannot_reach_the_server_leaves_the_old_edition(
    shelved: ServedHouse,
) -> None:
    before, folders = _published(shelved), sorted((shelved.data_dir / "editions").iterdir())
    _change(shelved, "alpha", "other")
    unreachable = ServerEditions(shelved.data_dir, shelved.library, _nowhere())

    with pytest.raises(ReindexRefused, match="not published: No Chroma server answers") as told:
        shelved.reindexer(workshop=lambda *_: unreachable).run()

    assert "\n" not in str(told.value)
    assert _published(shelved) == before
    assert sorted((shelved.data_dir / "editions").iterdir()) == folders


class _SoonGone(ServerEditions):
    """Editions whose server goes after the next one is published."""

    def forget(self) -> None:
        """Forget, with no server any more."""
        self._server = connecting.ChromaServer(_nowhere(), self._library)
        super().forget()


def test_a_reindex_succeeds_although_the_server_goes_before_the_old_passages_do(
    shelved: ServedHouse, caplog: pytest.LogCaptureFixture
) -> None:
    _change(shelved, "alpha", "other")
    editions = _SoonGone(shelved.data_dir, shelved.library, shelved.url)

    report = shelved.reindexer(workshop=lambda *_: editions).run()

    assert report.published
    assert "stay on the server until the next reindex" in caplog.text
    assert shelved.lost() == []


def _answering(status: int, seen: list[str]) -> Callable[..., BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            seen.append(self.headers.get("Authorization", ""))
            self.send_response(status)
            self.end_headers()
            self.wfile.write(b"<html>no Chroma</html>")

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    return Handler


@pytest.fixture
def impostor(request: pytest.FixtureRequest) -> Iterator[tuple[int, list[str]]]:
    """The port of a server that is no Chroma, and the credentials that it was given."""
    seen: list[str] = []
    http = HTTPServer(("127.0.0.1", 0), _answering(request.param, seen))
    thread = threading.Thread(target=http.serve_forever)
    thread.start()
    yield http.server_port, seen
    http.shutdown()
    thread.join()
    http.server_close()


def _refusal(house: ServedHouse, url: str) -> str:
    with pytest.raises(StorageError) as told:
        ServerEditions(house.data_dir, house.library, url).open(_published(house))
    return str(told.value)


@pytest.mark.parametrize("impostor", [200, 401, 502], indirect=True)
def test_what_is_no_chroma_server_is_told_in_one_line_without_the_password(
    shelved: ServedHouse, impostor: tuple[int, list[str]]
) -> None:
    port, seen = impostor

    told = _refusal(shelved, f"http://me:hush@127.0.0.1:{port}")

    assert f"at http://127.0.0.1:{port}" in told
    assert not [secret for secret in ("\n", "hush", "me:") if secret in told]
    assert seen[0] == "Basic bWU6aHVzaA=="


def test_the_password_of_an_unreachable_server_is_not_told(shelved: ServedHouse) -> None:
    port = free_port()

    told = _refusal(shelved, f"me:hush@127.0.0.1:{port}")

    assert told.startswith(f"No Chroma server answers at http://127.0.0.1:{port} (")
    assert not [secret for secret in ("\n", "hush", "me:") if secret in told]


def test_a_server_that_never_answers_is_given_up(
    shelved: ServedHouse, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(connecting, "PATIENCE", 0.2)
    with socket.create_server(("127.0.0.1", 0)) as silent:
        told = _refusal(shelved, f"http://127.0.0.1:{silent.getsockname()[1]}")

    assert "timed out" in told


@pytest.mark.parametrize("url", ["ftp://localhost", "http://me:hush@localhost:port", "http://"])
def test_what_is_no_address_is_told_without_the_password(house: ServedHouse, url: str) -> None:
    with pytest.raises(StorageError, match="EXPLAINER_CHROMA_URL is no address") as told:
        ServerEditions(house.data_dir, house.library, url)

    assert "hush" not in str(told.value)


def test_what_needs_no_server_works_without_one(shelved: ServedHouse) -> None:
    editions = ServerEditions(shelved.data_dir, shelved.library, _nowhere())

    editions.check(_published(shelved))


def test_the_best_passages_are_found_among_those_of_other_editions(house: ServedHouse) -> None:
    """A third of 1,500 passages changes twice, so that 2,500 lie on the server."""
    corpus = house.articles.parent / "corpus.jsonl"
    words = np.random.default_rng(0).integers(0, 3000, size=(3, 1500, 6))
    rows = words[0]
    for number in range(3):
        rows[number * 500 : (number + 1) * 500] = words[number][number * 500 : (number + 1) * 500]
        texts = (" ".join(f"word{word}" for word in row) for row in rows)
        corpus.write_text(
            "\n".join(f'{{"_id": "d{n}", "text": "{text}"}}' for n, text in enumerate(texts))
        )
        house.reindex(corpus, force=True)
    edition = _open(house)
    found, wanted = set(), set()

    for question in range(50):
        vector = house.embedder.embed_question(" ".join(f"word{question + k}" for k in range(4)))
        best = np.argsort(-(edition.vectors @ vector))[:10]
        wanted |= {(question, int(position)) for position in best}
        found |= {(question, position) for position in edition.nearest(vector, 10)}

    assert _collection(house).count() == 2500
    assert len(found & wanted) >= 0.98 * len(wanted)


def _history(house: House) -> list[Any]:
    """What is served and found after each step of a history."""
    seen: list[Any] = []
    base = house.base()

    def look() -> None:
        found = [base.retrieve(f"What is {name}?") for name in (*NAMES[:4], "zeta", "omega")]
        hits = [(hit.passage.text, round(hit.score, 5)) for each in found for hit in each.passages]
        seen.append((house.served(), hits, [round(each.coverage.score, 5) for each in found]))

    house.shelve(NAMES)
    house.reindex()
    look()
    house.shelve(["zeta"])
    house.reindex()
    look()
    _change(house, "alpha", "other")
    house.reindex()
    look()
    (house.articles / "beta.md").unlink()
    house.reindex()
    look()
    (house.articles / "zeta.md").rename(house.articles / "omega.md")
    house.reindex()
    look()
    house.reindexer().roll_back()
    look()
    return seen


def test_a_history_ends_as_it_does_in_directories(house: ServedHouse, tmp_path: Path) -> None:
    directories = House(tmp_path / "directories")

    expected = _history(directories)

    assert _history(house) == expected
    directories.close()


def test_a_question_that_meets_a_loss_is_told_and_the_next_one_answered(
    shelved: ServedHouse, stoppable: ChromaProcess
) -> None:
    base = shelved.base()
    before = base.retrieve("What is alpha?")
    stoppable.lose_everything()

    with pytest.raises(IndexDamaged):
        base.retrieve("What is beta?")

    assert base.retrieve("What is alpha?") == before
