"""Figures as people read them."""

from __future__ import annotations

from rich.console import Console

from bot.evaluation.estimates import Figure
from bot.evaluation.figures import Figures, Run
from bot.evaluation.report import tables


def figures(**families: float) -> Figures:
    names = {"kept": "coverage.kept", "found": "verdicts.supported_recall", "words": "length.words"}
    return {names[name]: Figure(value, 0.25, 0.75, 1234) for name, value in families.items()}


def printed(run: Run) -> list[str]:
    console = Console(width=100)
    with console.capture() as text:
        for table in tables(run):
            console.print(table)
    return [" ".join(line.split()) for line in text.get().splitlines()]


def test_a_figure_is_shown_with_its_interval_and_samples() -> None:
    lines = printed(Run(1, figures(kept=0.5), {}, {}))
    assert "answerable and answered 0.500 0.250 to 0.750 1,234" in lines


def test_amounts_have_one_decimal() -> None:
    assert "words an answer 67.2 0.2 to 0.8 1,234" in printed(Run(1, figures(words=67.23), {}, {}))


def test_one_file_is_not_compared_with_itself() -> None:
    one = figures(kept=0.5)
    assert "Questions by file" not in printed(Run(1, one, {"a.jsonl": one}, {}))


def test_several_files_are_shown_side_by_side() -> None:
    files = {"a.jsonl": figures(kept=0.5), "b.jsonl": figures(kept=1.0)}
    lines = printed(Run(1, {}, files, {}))
    assert "Questions by file" in lines
    assert "a.jsonl – 0.500 – – –" in lines
    assert "b.jsonl – 1.000 – – –" in lines


def test_kinds_of_questions_and_of_verdicts_are_shown_apart() -> None:
    kinds = {
        "why": figures(kept=0.5),
        "what": figures(kept=1.0),
        "quoted": figures(found=1.0),
        "[reworded]": figures(found=0.25),
    }
    lines = printed(Run(1, {}, {}, kinds))
    assert lines.index("why – 0.500 – – –") < lines.index("Verdicts by kind")
    assert lines.index("Verdicts by kind") < lines.index("[reworded] – 0.250")
