"""Where a reply is shown, as it is kept with a ticket, so that any process can go on with it."""

from __future__ import annotations

from typing import Any

import discord

from bot.core.request import Address


def address_of_message(message: discord.Message) -> Address:
    """Where a message is answered."""
    return {
        "channel": str(message.channel.id),
        "message": str(message.id),
        "user": str(message.author.id),
    }


def address_of_interaction(interaction: discord.Interaction[Any]) -> Address:
    """Where the use of a command or a button is answered."""
    return {
        "channel": str(interaction.channel_id or 0),
        "user": str(interaction.user.id),
        "token": interaction.token,
    }


def number_in(address: Address, name: str) -> int:
    """A snowflake of an address."""
    return int(str(address.get(name) or 0))


def webhook_of(client: discord.Client, token: str) -> discord.Webhook:
    """What answers an interaction that another process acknowledged.

    discord.py makes it from an interaction only; this is how it does so.
    """
    application = {"id": client.application_id, "type": 3, "token": token}
    return discord.Webhook.from_state(data=application, state=client._connection)  # type: ignore[arg-type]
