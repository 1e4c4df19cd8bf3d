"""Which workspaces have installed the app, and with which tokens it speaks there."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import ParamSpec, TypeVar

from slack_sdk.oauth.installation_store import Bot, Installation
from slack_sdk.oauth.installation_store.async_installation_store import AsyncInstallationStore
from slack_sdk.oauth.installation_store.sqlalchemy import SQLAlchemyInstallationStore
from slack_sdk.oauth.state_store.async_state_store import AsyncOAuthStateStore
from slack_sdk.oauth.state_store.sqlalchemy import SQLAlchemyOAuthStateStore

from bot.core.journal import open_journal
from knowledge.database import told_to_people

P = ParamSpec("P")
T = TypeVar("T")

STATE_SECONDS = 600

log = logging.getLogger(__name__)


class Installations(AsyncInstallationStore):
    """The installations, in the journal's database; the tables are slack_sdk's.

    Args:
        store: where they are; its calls are blocking.
        states: the installations that have been begun; likewise.
    """

    def __init__(
        self, store: SQLAlchemyInstallationStore, states: SQLAlchemyOAuthStateStore
    ) -> None:
        # Every event waits for the database before it is acknowledged, so that its thread isn't
        # one of those in which answers are worked out.
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="slack-installations")
        self._store = store
        self.states = States(states, self._thread)

    @classmethod
    def open(cls, data_dir: Path, client_id: str, database_url: str = "") -> Installations:
        """Open or make the tables, in files that only the bot's own account can read.

        Args:
            data_dir: where the journal is.
            client_id: the app's; installations of other apps aren't seen.
            database_url: the address of a PostgreSQL database; empty for a file.

        Raises:
            StorageError: they cannot be opened or written.
        """
        database = open_journal(data_dir, database_url)
        engine = database.engine
        store = SQLAlchemyInstallationStore(client_id, engine, logger=log)
        states = SQLAlchemyOAuthStateStore(STATE_SECONDS, engine, logger=log)
        with told_to_people(database.where):
            store.create_tables()  # type: ignore[no-untyped-call]
            states.create_tables()  # type: ignore[no-untyped-call]
            for part in data_dir.glob("journal.sqlite*"):
                part.chmod(0o600)
        return cls(store, states)

    def close(self) -> None:
        """Close every connection."""
        self._thread.shutdown()
        self._store.engine.dispose()

    async def async_save(self, installation: Installation) -> None:
        """Keep an installation in place of an earlier one of the same workspace."""
        await _call(self._thread, self._save, installation)

    async def async_find_bot(
        self,
        *,
        enterprise_id: str | None,
        team_id: str | None,
        is_enterprise_install: bool | None = False,
    ) -> Bot | None:
        """The bot of a workspace; ``None`` if the app isn't installed there."""
        return await _call(
            self._thread,
            self._store.find_bot,
            enterprise_id=enterprise_id,
            team_id=team_id,
            is_enterprise_install=is_enterprise_install,
        )

    async def forget(self, enterprise_id: str | None, team_id: str | None, at: float) -> None:
        """Delete the installation of a workspace that uninstalled the app.

        Args:
            enterprise_id: the organization that the workspace belongs to, if any.
            team_id: the workspace.
            at: when it did, in seconds since the epoch. Slack may tell it late: what was
                installed since then stays.
        """
        await _call(self._thread, self._forget, enterprise_id, team_id, at)

    def _save(self, installation: Installation) -> None:
        self._delete(installation.enterprise_id, installation.team_id)
        self._store.save(installation)

    def _forget(self, enterprise_id: str | None, team_id: str | None, at: float) -> None:
        bot = self._store.find_bot(enterprise_id=enterprise_id, team_id=team_id)
        if bot is not None and int(bot.installed_at) <= at:
            self._delete(enterprise_id, team_id)

    def _delete(self, enterprise_id: str | None, team_id: str | None) -> None:
        self._store.delete_bot(enterprise_id=enterprise_id, team_id=team_id)
        self._store.delete_installation(enterprise_id=enterprise_id, team_id=team_id)


class States(AsyncOAuthStateStore):
    """The installations that have been begun, by the word that must come back with each.

    Args:
        store: where they are; its calls are blocking.
        thread: makes these calls.
    """

    def __init__(self, store: SQLAlchemyOAuthStateStore, thread: ThreadPoolExecutor) -> None:
        self._store = store
        self._thread = thread

    async def async_issue(self, *_: object, **__: object) -> str:
        """Begin an installation, and forget those that were never ended."""
        return await _call(self._thread, self._issue)

    async def async_consume(self, state: str) -> bool:
        """Whether an installation was begun with this word; it is good for one only."""
        return await _call(self._thread, self._store.consume, state)

    def _issue(self) -> str:
        table = self._store.oauth_states
        now = datetime.now(UTC).replace(tzinfo=None)  # as slack_sdk writes it
        with self._store.engine.begin() as connection:
            connection.execute(table.delete().where(table.c.expire_at <= now))
        return self._store.issue()


async def _call(
    thread: ThreadPoolExecutor, call: Callable[P, T], *args: P.args, **kwargs: P.kwargs
) -> T:
    loop = asyncio.get_running_loop()
    return await loop.run_in_executor(thread, partial(call, *args, **kwargs))
