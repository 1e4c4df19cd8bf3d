"""A Chroma server: reaching it, its collections that are ours, and its errors as one line."""

from __future__ import annotations

import base64
import hashlib
import uuid
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from functools import cached_property
from typing import Any
from urllib.parse import SplitResult, unquote, urlsplit

import chromadb
import httpx
from chromadb.config import Settings
from chromadb.errors import ChromaError, NotFoundError

from knowledge.database import reason
from knowledge.editions import chroma
from knowledge.errors import IndexDamaged, StorageError
from knowledge.library import Library

PATIENCE = 60.0
"""Seconds that a request may take; a thousand passages are put in within two."""

_PORTS = {"http": 8000, "https": 443}


class ChromaServer:
    """A Chroma server and the collections on it that belong to one library.

    It is reached when it is first needed, so that what doesn't need it works without.

    Args:
        url: its address; a user and a password in it are sent as basic authentication.
        library: agrees with all who use it on the names of the collections.
    """

    def __init__(self, url: str, library: Library) -> None:
        self._url = _split(url)
        self._library = library
        self.where = _without_user(self._url)

    def collection(self, embedding: str) -> chromadb.Collection:
        """The collection for the vectors of an embedding, made if it is missing."""
        # An index that the server has loaded doesn't heed a later change of this setting.
        settings = {**chroma.HNSW, "ef_search": chroma.VERIFIED_AMONG}
        collection: chromadb.Collection = self._client.get_or_create_collection(
            self._name(embedding), embedding_function=None, configuration={"hnsw": settings}
        )
        return collection

    def drop_all_but(self, embeddings: Collection[str]) -> None:
        """Remove our collections for any other embedding."""
        kept = {self._name(embedding) for embedding in embeddings}
        for collection in self._client.list_collections():
            if collection.name.startswith(self._prefix) and collection.name not in kept:
                self._client.delete_collection(collection.name)

    @contextmanager
    def asked(self) -> Iterator[None]:
        """Translate what goes wrong while the server is asked into one line.

        Raises:
            IndexDamaged: a collection is gone.
            StorageError: the server is not there, or refuses.
        """
        try:
            yield
        except NotFoundError:
            raise IndexDamaged(f"the Chroma server at {self.where} has lost it") from None
        except Exception as error:
            # Chroma raises an answer that is not its own, such as a proxy's, as a bare Exception.
            if type(error) is Exception or isinstance(error, (ChromaError, ValueError)):
                told = reason(chroma.in_words(error)).rstrip(".")
                raise StorageError(f"The Chroma server at {self.where}: {told}.") from None
            if isinstance(error, httpx.HTTPError):
                raise StorageError(_unreached(self.where, error)) from None
            raise

    @cached_property
    def _client(self) -> Any:
        headers = _authorization(self._url)
        heartbeat = f"{self.where}/api/v2/heartbeat"
        try:
            httpx.get(heartbeat, headers=headers, timeout=PATIENCE).raise_for_status()
        except httpx.HTTPStatusError as error:
            told = f"it answers {error.response.status_code}"
            raise StorageError(_unreached(self.where, told)) from None
        client: Any = chromadb.HttpClient(
            self.where, headers=headers, settings=Settings(anonymized_telemetry=False)
        )
        # chromadb would wait forever and has no setting for it.
        client._server._session.timeout = httpx.Timeout(PATIENCE)
        return client

    @cached_property
    def _prefix(self) -> str:
        """Begins the names of our collections; other libraries may use the server too."""
        return f"explainer-{self._library.agree_on('chroma', uuid.uuid4().hex[:16])}-"

    def _name(self, embedding: str) -> str:
        return self._prefix + hashlib.sha256(embedding.encode()).hexdigest()[:16]


def shown_address(url: str) -> str:
    """A server's address as it may be shown: with its port, without user and password.

    Raises:
        StorageError: that is no address.
    """
    return _without_user(_split(url))


def _split(url: str) -> SplitResult:
    return urlsplit(url if "://" in url else f"http://{url}")


def _without_user(url: SplitResult) -> str:
    """The address as it may be shown, with its port."""
    try:
        host, port = url.hostname or "", url.port or _PORTS[url.scheme]
    except (KeyError, ValueError):
        host, port = "", 0
    if not host:
        raise StorageError(
            "EXPLAINER_CHROMA_URL is no address of a Chroma server, such as http://localhost:8000."
        )
    host = f"[{host}]" if ":" in host else host
    return f"{url.scheme}://{host}:{port}{url.path.rstrip('/')}"


def _authorization(url: SplitResult) -> dict[str, str]:
    if url.username is None:
        return {}
    user = f"{unquote(url.username)}:{unquote(url.password or '')}"
    return {"Authorization": f"Basic {base64.b64encode(user.encode()).decode()}"}


def _unreached(where: str, error: object) -> str:
    return (
        f"No Chroma server answers at {where} ({error}). Start it, or set EXPLAINER_CHROMA_URL "
        "to where it is."
    )
