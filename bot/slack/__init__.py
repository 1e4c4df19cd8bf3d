"""The Slack surface: events and commands in, messages out."""

from bot.slack.checking import check
from bot.slack.surface import SlackSurface

__all__ = ["SlackSurface", "check"]
