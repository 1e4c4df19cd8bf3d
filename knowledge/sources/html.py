"""A saved web page -> an article, without menus and other boilerplate."""

from __future__ import annotations

from knowledge.model import Article
from knowledge.sources.markdown import read_markdown


def read_html(text: str, article_id: str) -> Article:
    """Extract the main text of a page with its title, date, language and canonical address.

    The article has no sections if the page holds no text.
    """
    import trafilatura  # slow to import, and most sources hold no page

    body = trafilatura.extract(text, output_format="markdown", include_comments=False) or ""
    metadata = trafilatura.extract_metadata(text)
    heading, sections = read_markdown(body)
    url = metadata.url or ""
    return Article(
        id=article_id,
        title=metadata.title or heading or article_id,
        sections=sections,
        url=url if url.startswith(("http://", "https://")) else "",
        date=metadata.date or "",
        language=metadata.language or "en",
    )
