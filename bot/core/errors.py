"""Errors of the bot that are told to people as one line."""

from __future__ import annotations


class ExplainerError(Exception):
    """Something that a person can put right; its text says what is wrong and what to do."""


class SettingsError(ExplainerError):
    """A setting is missing or not valid."""


class QuestionRefused(ExplainerError):
    """The words cannot be a question: nothing in them, or too many of them."""


class UnknownTopic(ExplainerError):
    """No article is about the topic; the text names the nearest ones."""


class DemonstrationRefused(ExplainerError):
    """What was asked for can't be shown; the text says what is wrong and what to do."""
