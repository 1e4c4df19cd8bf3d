"""Errors of the bot that are told to people as one line."""

from __future__ import annotations


class ExplainerError(Exception):
    """Something that a person can put right; its text says what is wrong and what to do."""


class SettingsError(ExplainerError):
    """A setting is missing or not valid."""
