"""Answers that are kept between two visits."""

from __future__ import annotations

from pathlib import Path

import pytest

from knowledge.sources.responses import KEPT, Kept, Responses

URL = "https://docs.example/a?token=secret"
ANSWER = Kept(b"line\n\xff\x00 bytes", "text/html", "utf-8", '"\xe9"', "Fri, 01 Jan 1999 00:00:00")


def test_an_answer_comes_back_as_it_was(tmp_path: Path) -> None:
    Responses(tmp_path / "new" / "folder").keep(URL, ANSWER)

    assert Responses(tmp_path / "new" / "folder").get(URL) == ANSWER


def test_another_address_has_another_answer(tmp_path: Path) -> None:
    responses = Responses(tmp_path)
    responses.keep(URL, ANSWER)

    assert responses.get(URL + "x") is None


def test_the_newest_answer_counts(tmp_path: Path) -> None:
    responses = Responses(tmp_path)
    responses.keep(URL, ANSWER)
    responses.keep(URL, Kept(b"new"))

    assert responses.get(URL) == Kept(b"new")
    assert len(list(tmp_path.iterdir())) == 1


def test_addresses_are_not_written_down(tmp_path: Path) -> None:
    Responses(tmp_path).keep(URL, ANSWER)
    (file,) = tmp_path.iterdir()

    assert b"secret" not in file.name.encode() + file.read_bytes()


def test_a_file_that_is_damaged_anywhere_is_like_none(tmp_path: Path) -> None:
    responses = Responses(tmp_path)
    responses.keep(URL, ANSWER)
    (file,) = tmp_path.iterdir()
    whole = file.read_bytes()
    for place in range(len(whole)):
        file.write_bytes(whole[:place] + bytes([whole[place] ^ 1]) + whole[place + 1 :])
        assert responses.get(URL) is None


def test_a_file_that_is_cut_anywhere_is_like_none(tmp_path: Path) -> None:
    responses = Responses(tmp_path)
    responses.keep(URL, ANSWER)
    (file,) = tmp_path.iterdir()
    whole = file.read_bytes()
    for length in range(len(whole)):
        file.write_bytes(whole[:length])
        assert responses.get(URL) is None


def test_what_cannot_be_kept_is_no_failure(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    responses = Responses(tmp_path / "file")

    responses.keep(URL, ANSWER)
    responses.forget_unused()

    assert responses.get(URL) is None


def test_a_write_that_fails_leaves_the_old_answer(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    responses = Responses(tmp_path)
    responses.keep(URL, ANSWER)

    def refuse(self: Path, target: Path) -> Path:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "replace", refuse)
    responses.keep(URL, Kept(b"new"))

    assert responses.get(URL) == ANSWER
    assert len(list(tmp_path.iterdir())) == 1


def test_what_nobody_asks_for_is_forgotten_after_its_time(tmp_path: Path) -> None:
    now = [1e9]
    responses = Responses(tmp_path, clock=lambda: now[0])
    for url in ("https://used.example/", "https://unused.example/"):
        responses.keep(url, ANSWER)
        assert responses.get(url)
    now[0] += KEPT / 2 + 1
    assert responses.get("https://used.example/")
    now[0] += KEPT / 2
    responses.forget_unused()

    assert responses.get("https://used.example/") == ANSWER
    assert responses.get("https://unused.example/") is None
