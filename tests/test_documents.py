"""What people read says what the code does."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from bot.settings import Settings

ROOT = Path(__file__).parent.parent
README = (ROOT / "README.md").read_text(encoding="utf-8")
VARIABLES = {f"EXPLAINER_{name.upper()}": field for name, field in Settings.model_fields.items()}


@pytest.mark.parametrize("variable", VARIABLES)
def test_the_readme_explains_every_setting(variable: str) -> None:
    rows = [line for line in README.splitlines() if line.startswith(f"| `{variable}` |")]
    assert len(rows) == 1
    description = VARIABLES[variable].description
    assert description
    assert description in rows[0]


def test_the_example_of_the_environment_names_every_setting_and_no_other() -> None:
    example = (ROOT / ".env.example").read_text(encoding="utf-8")
    assert set(re.findall(r"^# (EXPLAINER_\w+)=", example, re.MULTILINE)) == set(VARIABLES)


@pytest.mark.parametrize("page", sorted(path.name for path in (ROOT / "docs").glob("*.md")))
def test_links_between_documents_lead_somewhere(page: str) -> None:
    text = (ROOT / "docs" / page).read_text(encoding="utf-8")
    for target in re.findall(r"\]\((?!https?://|#)([^)#\s]+)", text):
        assert (ROOT / "docs" / target).exists(), target


def test_links_of_the_readme_lead_somewhere() -> None:
    targets = re.findall(r"\]\((?!https?://|#)([^)#\s]+)", README)
    assert targets
    for target in targets:
        assert (ROOT / target).exists(), target
