"""Saved web pages."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.knowledge.reading import article_in, complaint_about

PAGE = """<!DOCTYPE html><html lang="en"><head>
<title>What a perceptron is</title>
<link rel="canonical" href="https://example.org/perceptron">
<meta property="article:published_time" content="2024-05-17T08:00:00Z">
</head><body>
<nav><ul><li><a href="/">Home</a></li><li><a href="/about">About our laboratory</a></li></ul></nav>
<main><article><h1>What a perceptron is</h1>
<p>A perceptron is a neuron with a hard threshold that separates two classes.</p>
<h2>History</h2>
<p>Frank Rosenblatt described the perceptron in 1958 and built a machine of it.</p>
</article></main>
<aside><p>Subscribe to our newsletter for more of this.</p></aside>
<footer><p>Copyright Example Lab. All rights reserved. Cookie settings.</p></footer>
</body></html>"""


@pytest.fixture
def page(tmp_path: Path) -> Path:
    file = tmp_path / "perceptron.html"
    file.write_text(PAGE)
    return file


def test_the_main_text_is_kept_under_its_headings(page: Path) -> None:
    sections = {section.headings: section.text for section in article_in(page).sections}

    assert sections[()].startswith("A perceptron is a neuron with a hard threshold")
    assert sections[("History",)].startswith("Frank Rosenblatt described the perceptron")


@pytest.mark.parametrize("boilerplate", ["About our laboratory", "newsletter", "Cookie settings"])
def test_menus_and_footers_are_left_out(page: Path, boilerplate: str) -> None:
    assert boilerplate not in " ".join(section.text for section in article_in(page).sections)


def test_title_date_and_canonical_address_are_read(page: Path) -> None:
    article = article_in(page)

    assert article.title == "What a perceptron is"
    assert article.date == "2024-05-17"
    assert article.url == "https://example.org/perceptron"


def test_an_address_that_is_not_on_the_web_is_left_out(page: Path) -> None:
    page.write_text(PAGE.replace("https://example.org/perceptron", "javascript:alert(1)"))

    assert article_in(page).url == ""


@pytest.mark.parametrize("text", ["", "<html></html>"])
def test_a_page_without_text_is_told(page: Path, text: str) -> None:
    page.write_text(text)

    assert complaint_about(page) == f"{page}: the article has no text."


def test_a_saved_page_beside_an_article_of_the_same_name_is_one_more(page: Path) -> None:
    page.with_suffix(".md").write_text("Text.")

    assert article_in(page).id == "perceptron"
