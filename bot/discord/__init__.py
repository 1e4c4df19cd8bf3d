"""Discord: parse the event, call the core, render the message."""

from bot.discord.checking import check
from bot.discord.surface import DiscordSurface

__all__ = ["DiscordSurface", "check"]
