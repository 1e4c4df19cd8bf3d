"""A pretended OpenAI: ``/v1/chat/completions`` on this machine, with a script.

What it is told to do is done request by request; the last turn of the script is repeated.
"""

from __future__ import annotations

import asyncio
import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from types import TracebackType
from typing import Any, TypeAlias

from aiohttp import web
from langchain_openai.chat_models._client_utils import _cached_async_httpx_client

Json: TypeAlias = dict[str, Any]

_COMMENT = b": " + b"." * 4_000 + b"\n\n"

_PASSAGES = re.compile(r"<passages>\n(.*)\n</passages>", re.DOTALL)
_PASSAGE = re.compile(r"^\[(\d+)\] [^\n]*\n(.*?)(?=\n\n\[\d+\] |\Z)", re.DOTALL | re.MULTILINE)


@dataclass(frozen=True)
class Request:
    """What a client asked for."""

    body: Json
    headers: Mapping[str, str]

    @property
    def prompt(self) -> str:
        """The texts of all messages, in order."""
        return "\n\n".join(str(message["content"]) for message in self.body["messages"])

    @property
    def passages(self) -> dict[int, str]:
        """The numbered passages in the prompt."""
        found = _PASSAGES.search(self.prompt)
        return {int(match[1]): match[2] for match in _PASSAGE.finditer(found[1] if found else "")}


@dataclass(frozen=True)
class Text:
    """An answer; the empty one is a fault that real servers have.

    Args:
        text: the words, or what makes them of the request.
        piece: how many characters come at a time in a stream.
    """

    text: str | Callable[[Request], str]
    piece: int = 9


@dataclass(frozen=True)
class Refusal:
    """An error instead of an answer: 429, 500 and the like."""

    status: int
    headers: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Page:
    """A web page instead of an answer, as proxies and captive portals send it."""

    status: int = 200
    html: str = "<!doctype html>\n<title>Oops</title>\n<p>data: something went wrong."


@dataclass(frozen=True)
class Drop:
    """The connection is lost before anything is answered."""


@dataclass(frozen=True)
class Cut:
    """A stream whose connection is lost after some of its chunks.

    Args:
        text: what the whole stream would have said.
        chunks: how many arrive.
        piece: how many characters come at a time.
        torn: how many bytes of the next chunk arrive.
    """

    text: str | Callable[[Request], str]
    chunks: int
    piece: int = 9
    torn: int = 0


@dataclass(frozen=True)
class Silence:
    """A stream that falls silent, until the server is released or stopped.

    Args:
        text: what the whole stream would have said.
        chunks: how many arrive before; without any, not even the headers do.
        piece: how many characters come at a time.
    """

    text: str | Callable[[Request], str] = ""
    chunks: int = 0
    piece: int = 9


@dataclass(frozen=True)
class Endless:
    """The same words over and over, until nobody reads them any more.

    Args:
        piece: the words.
        chunks: so often; who reads all of it would have gone on reading for ever. Comments
            between the chunks see to it that no buffer on the way holds them all.
    """

    piece: str
    chunks: int = 5_000


@dataclass(frozen=True)
class Garbage:
    """Something that is no chunk, such as broken JSON, among the chunks of a stream.

    Args:
        data: what it is; in place of the whole answer, if no stream is asked for.
        text: what the stream says otherwise.
        chunks: how many come before the garbage.
        piece: how many characters come at a time.
    """

    data: str = "{not json"
    text: str | Callable[[Request], str] = ""
    chunks: int = 0
    piece: int = 9


Turn = Text | Refusal | Page | Drop | Cut | Silence | Endless | Garbage


class OpenAIServer:
    """The server, running while the context lasts.

    Args:
        script: what happens to the first request, the second and so on.

    Attributes:
        requests: what was asked so far.
        asked: set as soon as anything was.
        base_url: the address that clients are given.
        read_to_the_end: how many streams a client took whole.
    """

    def __init__(self, *script: Turn) -> None:
        self.script = list(script)
        self.requests: list[Request] = []
        self.base_url = ""
        self.read_to_the_end = 0
        self.asked = asyncio.Event()
        self._released = asyncio.Event()
        application = web.Application()
        # The paths of other providers, too: an error looks alike on all of them.
        application.router.add_post("/{path:.*}", self._complete)
        self._runner = web.AppRunner(application, shutdown_timeout=1)

    async def __aenter__(self) -> OpenAIServer:
        await self._runner.setup()
        site = web.TCPSite(self._runner, "127.0.0.1", 0)
        await site.start()
        host, port = self._runner.addresses[0][:2]
        self.base_url = f"http://{host}:{port}/v1"
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.release()
        await self._runner.cleanup()
        # The client is kept by its address, which a later server may have in another loop.
        _cached_async_httpx_client.cache_clear()

    def release(self) -> None:
        """Let requests go that are met with silence; each ends in an error."""
        self._released.set()

    async def _complete(self, http: web.Request) -> web.StreamResponse:
        request = Request(await http.json(), dict(http.headers))
        turn = self.script[min(len(self.requests), len(self.script) - 1)]
        self.requests.append(request)
        self.asked.set()
        match turn:
            case Refusal(status, headers):
                return web.json_response(_error(status), status=status, headers=dict(headers))
            case Page(status, html):
                return web.Response(text=html, status=status, content_type="text/html")
            case Drop():
                _hang_up(http)
                return web.Response()
            case Silence(chunks=0):
                await self._released.wait()
                return web.json_response(_error(503), status=503)
            case Text() | Garbage() if not request.body.get("stream"):
                return _whole(request, turn)
            case _:
                return await self._stream(http, request, turn)

    async def _stream(self, http: web.Request, request: Request, turn: Turn) -> web.StreamResponse:
        response = web.StreamResponse(headers={"Content-Type": "text/event-stream"})
        await response.prepare(http)
        try:
            await _write_turn(response, request, turn)
            if isinstance(turn, Silence):
                await self._released.wait()
        except ConnectionError:
            return response  # nobody reads any more
        if isinstance(turn, Cut | Silence):
            _hang_up(http)
            return response
        await response.write_eof()
        self.read_to_the_end += 1
        return response


def _whole(request: Request, turn: Text | Garbage) -> web.Response:
    """An answer in one piece."""
    if isinstance(turn, Garbage):
        return web.Response(text=turn.data, content_type="application/json")
    return web.json_response(_completion(request, _told(turn.text, request)))


async def _write_turn(response: web.StreamResponse, request: Request, turn: Turn) -> None:
    match turn:
        case Text(text, piece):
            await response.write(b"".join(_events(request, text, piece)))
        case Cut(text, chunks, piece, torn):
            stream = _events(request, text, piece)
            await response.write(b"".join(stream[:chunks]))
            await response.write(b"".join(stream[chunks : chunks + 1])[:torn])
        case Silence(text, chunks, piece):
            await response.write(b"".join(_events(request, text, piece)[:chunks]))
        case Endless(piece, chunks):
            for _ in range(chunks):
                await response.write(_COMMENT + _event(_chunk(request, piece)))
        case Garbage(data, text, chunks, piece):
            stream = _events(request, text, piece)
            stream.insert(chunks, f"data: {data}\n\n".encode())
            await response.write(b"".join(stream))


def _events(request: Request, text: str | Callable[[Request], str], piece: int) -> list[bytes]:
    """The events of a stream that goes well."""
    parts = _pieces(_told(text, request), piece)
    said = [_event(_chunk(request, part)) for part in parts]
    return [*said, _event(_chunk(request, "", "stop")), b"data: [DONE]\n\n"]


def _event(chunk: Json) -> bytes:
    return f"data: {json.dumps(chunk)}\n\n".encode()


def _hang_up(http: web.Request) -> None:
    if http.transport is not None:
        http.transport.close()


def _told(text: str | Callable[[Request], str], request: Request) -> str:
    return text if isinstance(text, str) else text(request)


def _pieces(text: str, size: int) -> list[str]:
    return [text[start : start + size] for start in range(0, len(text), size)]


def _chunk(request: Request, text: str, finished: str | None = None) -> Json:
    choice = {"index": 0, "delta": {"content": text}, "finish_reason": finished}
    return {**_head(request, "chat.completion.chunk"), "choices": [choice]}


def _completion(request: Request, text: str) -> Json:
    message = {"role": "assistant", "content": text}
    choice = {"index": 0, "message": message, "finish_reason": "stop"}
    usage = {"prompt_tokens": 1, "completion_tokens": 1, "total_tokens": 2}
    return {**_head(request, "chat.completion"), "choices": [choice], "usage": usage}


def _head(request: Request, kind: str) -> Json:
    return {"id": "chatcmpl-1", "object": kind, "created": 1, "model": request.body["model"]}


def _error(status: int) -> Json:
    return {"error": {"message": f"Scripted: {status}.", "type": "scripted", "code": str(status)}}
