"""Slack's notation for the three characters that its markup is made of."""

from __future__ import annotations


def encode(text: str) -> str:
    """Write a text so that Slack shows it as it stands and finds no token in it."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def decode(text: str) -> str:
    """Read a text that Slack has encoded."""
    return text.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")
