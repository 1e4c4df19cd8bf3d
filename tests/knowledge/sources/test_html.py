"""Web pages: the main text stays, the boilerplate and what is no article go."""

from __future__ import annotations

import pytest

from knowledge.errors import SourceError
from knowledge.model import Article
from knowledge.sources.formats import Format, Raw, read

PAGE = """<!DOCTYPE html><html lang="en"><head>
<title>What a perceptron is</title>
<link rel="canonical" href="https://example.org/perceptron">
<meta property="article:published_time" content="2024-05-17T08:00:00Z">
<meta name="author" content="Ada Lovelace">
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

LOGIN_LINK = '<a href="/login">Log in</a> <a href="/join">Sign up to read more</a>'
SEARCH = '<form action="/search"><input type="text" name="q"><button>Search</button></form>'
LOGIN_BOX = (
    '<form action="/login"><input type="text" name="user"><input type="password" name="word">'
    "<button>Log in</button></form>"
)


def _read(page: str | bytes, url: str = "") -> Article:
    content = page.encode() if isinstance(page, str) else page
    return read(Raw(content, Format.HTML, "page", url or "saved_page.html", url=url))


def _text(page: str) -> str:
    return "\n\n".join(section.text for section in _read(page).sections)


def _beside_the_article(html: str, page: str = PAGE) -> str:
    return page.replace("<nav>", f"<header>{html}</header><nav>")


def test_the_main_text_is_kept_under_its_headings() -> None:
    sections = {section.headings: section.text for section in _read(PAGE).sections}

    assert sections[()].startswith("A perceptron is a neuron with a hard threshold")
    assert sections[("History",)].startswith("Frank Rosenblatt described the perceptron")


@pytest.mark.parametrize("boilerplate", ["About our laboratory", "newsletter", "Cookie settings"])
def test_menus_and_footers_are_left_out(boilerplate: str) -> None:
    assert boilerplate not in _text(PAGE)


def test_title_date_author_language_and_canonical_address_are_read() -> None:
    article = _read(PAGE)

    assert article.title == "What a perceptron is"
    assert article.date == "2024-05-17"
    assert article.author == "Ada Lovelace"
    assert article.language == "en"
    assert article.url == "https://example.org/perceptron"


@pytest.mark.parametrize(
    ("declared", "language"),
    [
        ('lang="de-AT"', "de"),
        ('lang="PT_br"', "pt"),
        ('xml:lang="fr"', "fr"),
        ('lang="english"', ""),
        ('lang=""', ""),
        ("", ""),
    ],
)
def test_the_language_is_the_primary_code_of_what_is_declared(declared: str, language: str) -> None:
    assert _read(PAGE.replace('lang="en"', declared)).language == language


@pytest.mark.parametrize(
    ("canonical", "fetched", "expected"),
    [
        ("https://example.org/a", "http://example.org/a?from=feed", "https://example.org/a"),
        ("https://example.org/a", "https://blog.example.org/a", "https://example.org/a"),
        ("https://www.example.org/a", "https://example.org/a", "https://www.example.org/a"),
        ("https://elsewhere.net/a", "https://example.org/a", "https://example.org/a"),
        ("https://notexample.org/a", "https://example.org/a", "https://example.org/a"),
        ("https://org/a", "https://example.org/a", "https://example.org/a"),
        ("javascript:alert(1)", "https://example.org/a", "https://example.org/a"),
        ("javascript:alert(1)", "", ""),
    ],
)
def test_only_the_pages_own_site_may_claim_it(canonical: str, fetched: str, expected: str) -> None:
    page = PAGE.replace("https://example.org/perceptron", canonical)

    assert _read(page, fetched).url == expected


@pytest.mark.parametrize("between", ["|", "–", "-", "»", "·"])
def test_the_name_of_the_site_is_no_part_of_the_title(between: str) -> None:
    page = PAGE.replace(
        "<title>What a perceptron is</title>",
        f'<meta property="og:title" content="Perceptrons {between} The Lab">'
        '<meta property="og:site_name" content="The Lab">',
    )

    assert _read(page).title == "Perceptrons"


def test_a_page_that_is_named_like_its_site_keeps_its_title() -> None:
    page = PAGE.replace(
        "<title>What a perceptron is</title>",
        '<meta property="og:title" content="The Lab">'
        '<meta property="og:site_name" content="The Lab">',
    )

    assert _read(page).title == "The Lab"


@pytest.mark.parametrize(
    "page",
    [
        "",
        "<html></html>",
        '<!doctype html><html><head><title>A</title></head><body><div id="a"></div></body></html>',
    ],
)
def test_a_page_without_text_is_told(page: str) -> None:
    with pytest.raises(SourceError, match=r"^saved_page\.html: the article has no text\.$"):
        _read(page)


def _wall(body: str, title: str = "What a perceptron is") -> str:
    return f"<!DOCTYPE html><html><head><title>{title}</title></head><body>{body}</body></html>"


@pytest.mark.parametrize(
    "page",
    [
        _wall(LOGIN_BOX, "Log in"),
        _wall(LOGIN_BOX.replace('"password"', '"PASSWORD"')),
        _wall(f"<h1>Welcome back</h1>{LOGIN_BOX}<p>Forgot your password?</p>"),
        _wall('<form><input type="email"></form><p>We send you a link.</p>', "Sign in | The Lab"),
        _wall('<form><input type="email"></form><p>Geben Sie Ihre Adresse ein.</p>', "Anmelden"),
        _wall(
            "<h1>What a perceptron is</h1><p>A perceptron is a neuron with a hard threshold that "
            "separates two classes.</p><p>Sign in to continue reading.</p>"
        ),
        _wall("<main><p>You must be logged in to view this page.</p></main>"),
        _wall("<main><p>Please log in.</p></main>"),
        _wall("<main><p>Create a free account to read this story.</p></main>"),
        _wall("<main><p>This article is for paying subscribers only.</p></main>"),
        _wall("<main><p>Log in or sign up for free to continue.</p></main>"),
    ],
)
def test_a_login_wall_is_told(page: str) -> None:
    with pytest.raises(SourceError, match=r"^saved_page\.html: the page asks for a login; [^\n]*$"):
        _read(page)


@pytest.mark.parametrize(
    "page",
    [
        _beside_the_article(LOGIN_LINK),
        _beside_the_article(SEARCH),
        _beside_the_article(LOGIN_LINK + SEARCH),
        _beside_the_article(
            LOGIN_BOX, PAGE.replace("classes.</p>", f"classes. {'It sums. ' * 30}</p>")
        ),
        PAGE.replace("What a perceptron is</title>", "Login attacks on perceptrons</title>"),
        PAGE.replace(
            "of it.</p>",
            "of it. Attackers show a page on which people must sign in to continue, and keep the "
            "password that was given; a perceptron can learn to tell such pages from others.</p>",
        ),
    ],
)
def test_a_page_that_only_mentions_a_login_is_read(page: str) -> None:
    assert "Frank Rosenblatt described the perceptron in 1958" in _text(page)


def test_a_page_of_teasers_is_told_with_what_to_do() -> None:
    items = "".join(
        f'<article><h2><a href="/{n}">Story number {n} of the day</a></h2>'
        f"<p>Story number {n} of the day</p>"
        f"<p>Researchers of laboratory number {n} have found out that models grow when […]</p>"
        "</article>"
        for n in range(12)
    )

    with pytest.raises(SourceError, match=r'only teasers of other pages; .* kind = "listing"'):
        _read(_wall(f"<main><h1>News</h1>{items}</main>", "News"))


def test_teasers_below_an_article_are_no_part_of_it() -> None:
    more = "".join(
        f"<p>Laboratory number {n} has found that models grow when they are …</p>" for n in range(3)
    )

    text = _text(PAGE.replace("</article>", f"<h2>Elsewhere</h2>{more}</article>"))

    assert "Rosenblatt" in text
    assert "Laboratory number" not in text
