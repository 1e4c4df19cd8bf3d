"""HTTP mode: signed requests in, answers out, in one workspace or in several."""

from __future__ import annotations

import asyncio
import contextlib
import json
import logging
import socket
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest
from aiohttp import ClientResponse, ClientSession, DummyCookieJar
from pydantic import SecretStr

from bot.core.action import Action, Form, Verb
from bot.core.errors import SettingsError
from bot.core.messages.message import Button, Buttons, Message, Paragraph
from bot.settings import Settings
from bot.slack import SlackSurface
from bot.slack.manifest import scopes
from bot.slack.names import ASK
from tests.bot.slack.serving import FOREVER, Listener, Live, paragraph
from tests.platforms.slack_http import (
    CLIENT_ID,
    CLIENT_SECRET,
    EVENTS,
    SECRET,
    HttpSlack,
    Workspace,
    signed,
)

SIMPLER = Action(Verb.SIMPLER, "7")
WITH_BUTTON = Message((Paragraph("Scripted."), Buttons((Button("Simpler", SIMPLER),))))

Serving = Callable[..., AbstractAsyncContextManager[str]]


class Announced(logging.Handler):
    """Waits until the surface tells where it listens."""

    def __init__(self) -> None:
        super().__init__()
        self.address: asyncio.Future[str] = asyncio.get_running_loop().create_future()

    def emit(self, record: logging.LogRecord) -> None:
        words = record.getMessage().split()
        if words[:2] == ["Listening", "for"]:
            self.address.set_result(words[-1].removesuffix(EVENTS))


@pytest.fixture
async def slack() -> AsyncIterator[HttpSlack]:
    async with HttpSlack() as slack:
        yield slack


@pytest.fixture
async def acme(slack: HttpSlack) -> Workspace:
    return await slack.workspace("Acme")


@pytest.fixture
async def beta(slack: HttpSlack) -> Workspace:
    return await slack.workspace("Beta")


@pytest.fixture
async def browser() -> AsyncIterator[ClientSession]:
    """A browser that keeps no cookies, as they are for TLS only."""
    async with ClientSession(cookie_jar=DummyCookieJar()) as session:
        yield session


@pytest.fixture
def one(slack: HttpSlack, acme: Workspace) -> Settings:
    """Settings for one workspace, on any port that is free."""
    settings = Settings(
        _env_file=None,
        slack_mode="http",
        slack_bot_token=SecretStr(acme.bot_token),
        slack_signing_secret=SecretStr(SECRET),
        slack_api_url=slack.api_url,
    )
    return settings.model_copy(update={"slack_port": 0})


@pytest.fixture
def several(one: Settings, tmp_path: Path) -> Settings:
    """Settings for all workspaces that install the app."""
    return one.model_copy(
        update={
            "slack_bot_token": None,
            "slack_client_id": CLIENT_ID,
            "slack_client_secret": SecretStr(CLIENT_SECRET),
            "data_dir": tmp_path,
        }
    )


@pytest.fixture
def serving(slack: HttpSlack) -> Serving:
    """Let a surface serve with a core while a block runs, and tell where it listens."""

    @contextlib.asynccontextmanager
    async def serving(responder: Listener, settings: Settings) -> AsyncIterator[str]:
        announced, log = Announced(), logging.getLogger("bot.slack.http_mode")
        log.setLevel(logging.INFO)
        log.addHandler(announced)
        surface = SlackSurface(responder, settings, FOREVER, grace=0.0)
        running = asyncio.create_task(surface.run())
        await asyncio.wait((running, announced.address), return_when=asyncio.FIRST_COMPLETED)
        log.removeHandler(announced)
        assert announced.address.done(), "the surface does not serve"
        address = announced.address.result()
        responder.notify = slack.notify
        slack.reach(address)
        try:
            yield address
        finally:
            assert not running.done(), "the surface has stopped serving"
            running.cancel()
            await asyncio.wait((running,))
            assert running.cancelled()

    return serving


async def install(
    browser: ClientSession, address: str, slack: HttpSlack, workspace: Workspace
) -> None:
    """Let a workspace install the app as people do in their browser."""
    state = await begin(browser, address)
    code = slack.authorize(workspace)
    assert (await come_back(browser, address, state, code=code)).status == 200


async def begin(browser: ClientSession, address: str) -> str:
    """Open the page that begins an installation, and return the word that must come back."""
    async with browser.get(f"{address}/slack/install") as response:
        cookie = response.cookies["slack-app-oauth-state"]
        assert (cookie["secure"], cookie["httponly"]) == (True, True)
        return cookie.value


async def come_back(
    browser: ClientSession, address: str, cookie: str, **query: str
) -> ClientResponse:
    """Come back from Slack with what it gives people on the way."""
    headers = {"Cookie": f"slack-app-oauth-state={cookie}"}
    query = {"state": cookie} | query
    async with browser.get(
        f"{address}/slack/oauth_redirect", params=query, headers=headers
    ) as response:
        await response.text()
        return response


# One workspace


async def test_a_mention_is_answered_in_its_thread(
    acme: Workspace, one: Settings, serving: Serving
) -> None:
    async with serving(Listener(), one):
        said = acme.say(f"{acme.bot.mention} What is attention?")
        [post] = await acme.posted()
        assert (post.thread, post.text) == (said.id, "Scripted.")
        assert await acme.requests_answered() == [200]


async def test_a_direct_message_is_answered(
    acme: Workspace, one: Settings, serving: Serving
) -> None:
    async with serving(Listener(), one):
        acme.say("What is attention?", channel=acme.direct(acme.ada))
        assert await acme.posted()


async def test_a_repeated_delivery_is_heard_like_the_first(
    acme: Workspace, one: Settings, serving: Serving
) -> None:
    responder = Listener()
    async with serving(responder, one):
        said = acme.say(f"{acme.bot.mention} What is attention?")
        acme.deliver(said, retry=1)
        acme.deliver(said, retry=2)
        assert await acme.requests_answered(3) == [200] * 3
        await acme.until(lambda: len(responder.heard) == 3)
        assert len({said.key for _, said in responder.heard}) == 1


async def test_an_event_is_acknowledged_while_its_answer_is_worked_out(
    acme: Workspace, one: Settings, serving: Serving
) -> None:
    responder = Live()
    async with serving(responder, one):
        said = acme.say(f"{acme.bot.mention} What is attention?")
        [delivery] = await acme.acknowledged(said)
        assert not delivery.late
        assert acme.posts == []
        responder.say(paragraph("Late."), None)
        await acme.reading("Late.")


async def test_a_command_is_acknowledged_while_its_answer_is_worked_out(
    acme: Workspace, one: Settings, serving: Serving
) -> None:
    responder = Live()
    async with serving(responder, one):
        used = acme.command("ask", "What is attention? level=expert")
        await acme.acknowledged(used)
        responder.say(paragraph("Late."), None)
        await acme.reading("Late.")
    [(name, options)] = responder.commands
    assert (name, options["question"]) == ("ask", "What is attention?")


async def test_a_command_is_understood_with_any_prefix(
    acme: Workspace, one: Settings, serving: Serving
) -> None:
    responder = Listener()
    async with serving(responder, one):
        acme.command("ai-topics")
        await acme.until(lambda: responder.commands)
    assert responder.commands == [("topics", {})]


async def test_a_button_does_what_it_says(acme: Workspace, one: Settings, serving: Serving) -> None:
    responder = Listener(script=(WITH_BUTTON,))
    async with serving(responder, one):
        acme.say(f"{acme.bot.mention} What is attention?")
        [post] = await acme.posted()
        await acme.acknowledged(acme.press(post, "Simpler"))
        await acme.posted(2)
    assert responder.pressed == [SIMPLER]


async def test_a_form_is_opened_and_taken(acme: Workspace, one: Settings, serving: Serving) -> None:
    forms = {SIMPLER.code: Form("Simpler", "What was too hard?")}
    responder = Listener(script=(WITH_BUTTON,), forms=forms)
    async with serving(responder, one):
        acme.say(f"{acme.bot.mention} What is attention?")
        [post] = await acme.posted()
        acme.press(post, "Simpler")
        modal = await acme.until(lambda: next(iter(acme.modals), None))
        await acme.acknowledged(acme.submit(modal, {"words": "The formula."}))
        await acme.posted(2)
    assert (responder.pressed, responder.last.text) == ([SIMPLER], "The formula.")


async def test_a_question_may_be_asked_from_anywhere(
    acme: Workspace, one: Settings, serving: Serving
) -> None:
    responder = Listener()
    async with serving(responder, one):
        acme.use_shortcut(ASK)
        modal = await acme.until(lambda: next(iter(acme.modals), None))
        await acme.acknowledged(acme.submit(modal, {"question": "What is attention?"}))
        [post] = await acme.posted()
    assert post.channel.kind == "im"
    assert responder.commands == [("ask", {"question": "What is attention?"})]


async def test_slack_may_see_that_the_address_is_ours(
    acme: Workspace, one: Settings, serving: Serving
) -> None:
    async with serving(Listener(), one):
        challenge = {"type": "url_verification", "challenge": "a-word-of-slacks"}
        acme.requests.publish("events_api", challenge)
        [(status, body)] = await acme.answers()
    assert (status, json.loads(body)) == (200, {"challenge": "a-word-of-slacks"})


async def test_what_slack_did_not_sign_is_not_heard(
    acme: Workspace, one: Settings, serving: Serving, browser: ClientSession
) -> None:
    responder = Listener()
    body = json.dumps({"type": "event_callback", "team_id": acme.team}).encode()
    late = signed(SECRET, body, "yesterday")
    async with serving(responder, one) as address:
        for headers in ({}, signed("another-secret", body), late):
            async with browser.post(address + EVENTS, data=body, headers=headers) as response:
                assert response.status == 401
        async with browser.get(address + EVENTS) as response:
            assert response.status == 405
        async with browser.get(f"{address}/slack/install") as response:
            assert response.status == 404
    assert responder.heard == []


async def test_what_is_under_way_ends_with_the_surface_and_the_port_is_free_again(
    acme: Workspace, one: Settings, serving: Serving
) -> None:
    async with serving(Live(), one) as address:
        acme.say(f"{acme.bot.mention} What is attention?")
        assert await acme.requests_answered() == [200]
    url = urlsplit(address)
    with socket.create_server((url.hostname or "", url.port or 0)):
        assert acme.posts == []


async def test_a_port_that_is_taken_is_told(one: Settings) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        surface = SlackSurface(Listener(), one.model_copy(update={"slack_port": port}))
        with pytest.raises(SettingsError, match="EXPLAINER_SLACK_PORT"):
            await surface.run()


async def test_a_refused_token_is_named_and_not_shown(one: Settings) -> None:
    wrong = one.model_copy(update={"slack_bot_token": SecretStr("xoxb-wrong")})
    with pytest.raises(SettingsError, match="EXPLAINER_SLACK_BOT_TOKEN") as raised:
        await SlackSurface(Listener(), wrong).run()
    assert "wrong" not in str(raised.value)


# Several workspaces


async def test_each_workspace_is_answered_with_its_own_token(
    slack: HttpSlack,
    acme: Workspace,
    beta: Workspace,
    several: Settings,
    serving: Serving,
    browser: ClientSession,
) -> None:
    responder = Listener()
    async with serving(responder, several) as address:
        for workspace in (acme, beta):
            await install(browser, address, slack, workspace)
        for workspace in (acme, beta):
            said = workspace.say(f"{workspace.bot.mention} What is {workspace.name}?")
            [post] = await workspace.posted()
            assert post.thread == said.id
    assert [said.place.workspace for _, said in responder.heard] == [acme.team, beta.team]
    assert responder.words == ["What is Acme?", "What is Beta?"]


async def test_slack_is_not_asked_who_the_bot_is_at_each_event(
    slack: HttpSlack, acme: Workspace, several: Settings, serving: Serving, browser: ClientSession
) -> None:
    async with serving(Listener(), several) as address:
        await install(browser, address, slack, acme)
        asked = [call.method for call in acme.calls].count("auth.test")
        acme.say(f"{acme.bot.mention} What is attention?")
        await acme.posted()
    assert [call.method for call in acme.calls].count("auth.test") == asked


async def test_the_page_asks_slack_for_what_the_manifest_names(
    several: Settings, serving: Serving, browser: ClientSession
) -> None:
    async with (
        serving(Listener(), several) as address,
        browser.get(f"{address}/slack/install") as response,
    ):
        page = (await response.text()).replace("&amp;", "&")
    [link] = [part for part in page.split('"') if part.startswith("https://slack.com/oauth/v2")]
    query = parse_qs(urlsplit(link).query)
    assert query["client_id"] == [CLIENT_ID]
    assert query["scope"] == [",".join(scopes())]
    assert CLIENT_SECRET not in page


async def test_installations_outlive_the_process(
    slack: HttpSlack, acme: Workspace, several: Settings, serving: Serving, browser: ClientSession
) -> None:
    async with serving(Listener(), several) as address:
        await install(browser, address, slack, acme)
    async with serving(Listener(), several):
        acme.say(f"{acme.bot.mention} What is attention?")
        assert await acme.posted()


@pytest.mark.parametrize(
    ("cookie", "query", "status"),
    [
        ("", {"state": "guessed"}, 400),
        ("guessed", {"state": "other"}, 400),
        ("guessed", {"state": "guessed"}, 401),
        ("STATE", {"state": "guessed"}, 400),
        ("STATE", {"code": "guessed"}, 401),
        ("STATE", {"code": ""}, 401),
        ("STATE", {"error": "access_denied"}, 200),
        ("STATE", {"error": "<script>alert(1)</script>"}, 200),
    ],
)
async def test_who_comes_back_with_anything_else_installs_nothing(
    slack: HttpSlack,
    acme: Workspace,
    several: Settings,
    serving: Serving,
    browser: ClientSession,
    cookie: str,
    query: dict[str, str],
    status: int,
) -> None:
    responder = Listener()
    async with serving(responder, several) as address:
        state = await begin(browser, address)
        given = {"code": slack.authorize(acme)} | query
        response = await come_back(browser, address, cookie.replace("STATE", state), **given)
        assert response.status == status
        assert "<script>" not in await response.text()
        acme.say(f"{acme.bot.mention} What is attention?")
        await acme.answers()
    assert responder.heard == []


async def test_the_word_of_an_installation_is_good_for_one(
    slack: HttpSlack, acme: Workspace, several: Settings, serving: Serving, browser: ClientSession
) -> None:
    async with serving(Listener(), several) as address:
        state = await begin(browser, address)
        for status in (200, 401):
            code = slack.authorize(acme)
            assert (await come_back(browser, address, state, code=code)).status == status


async def test_an_installation_that_slack_does_not_answer_is_told(
    slack: HttpSlack, acme: Workspace, several: Settings, serving: Serving, browser: ClientSession
) -> None:
    slack.silent = True
    async with serving(Listener(), several) as address:
        state = await begin(browser, address)
        response = await come_back(browser, address, state, code=slack.authorize(acme))
    assert response.status == 401


async def test_a_workspace_that_uninstalls_is_forgotten(
    slack: HttpSlack,
    acme: Workspace,
    beta: Workspace,
    several: Settings,
    serving: Serving,
    browser: ClientSession,
) -> None:
    responder = Listener()
    async with serving(responder, several) as address:
        for workspace in (acme, beta):
            await install(browser, address, slack, workspace)
        acme.leave()
        assert await acme.requests_answered(2) == [200, 200]
        acme.say(f"{acme.bot.mention} What is attention?")
        assert await acme.requests_answered(3) == [200] * 3
        assert (responder.heard, acme.posts) == ([], [])
        beta.say(f"{beta.bot.mention} What is attention?")
        assert await beta.posted()


async def test_a_workspace_that_was_forgotten_can_install_the_app_again(
    slack: HttpSlack, acme: Workspace, several: Settings, serving: Serving, browser: ClientSession
) -> None:
    async with serving(Listener(), several) as address:
        await install(browser, address, slack, acme)
        acme.leave()
        await acme.requests_answered(2)
        await install(browser, address, slack, acme)
        acme.say(f"{acme.bot.mention} What is attention?")
        assert await acme.posted()


async def test_a_persons_revoked_token_does_not_end_the_installation(
    slack: HttpSlack, acme: Workspace, several: Settings, serving: Serving, browser: ClientSession
) -> None:
    async with serving(Listener(), several) as address:
        await install(browser, address, slack, acme)
        acme.tell({"type": "tokens_revoked", "tokens": {"oauth": [acme.ada.id], "bot": []}})
        await acme.requests_answered()
        acme.say(f"{acme.bot.mention} What is attention?")
        assert await acme.posted()


async def test_a_command_where_it_is_not_installed_is_told_so_privately(
    acme: Workspace, several: Settings, serving: Serving
) -> None:
    responder = Listener()
    async with serving(responder, several):
        acme.command("ask", "What is attention?")
        [post] = await acme.posted()
        assert await acme.requests_answered() == [200]
    assert post.ephemeral
    assert "not installed" in post.text
    assert responder.heard == []


async def test_a_token_that_was_revoked_in_silence_harms_nobody_else(
    slack: HttpSlack,
    acme: Workspace,
    beta: Workspace,
    several: Settings,
    serving: Serving,
    browser: ClientSession,
    caplog: pytest.LogCaptureFixture,
) -> None:
    responder = Listener()
    async with serving(responder, several) as address:
        for workspace in (acme, beta):
            await install(browser, address, slack, workspace)
        slack.revoked.add(acme.bot_token)
        acme.say(f"{acme.bot.mention} What is attention?")
        await acme.until(lambda: slack.refusals)
        beta.say(f"{beta.bot.mention} What is attention?")
        assert await beta.posted()
    assert "account_inactive" in caplog.text
    assert acme.bot_token not in caplog.text


async def test_no_secret_is_told_to_the_log(
    slack: HttpSlack,
    acme: Workspace,
    several: Settings,
    serving: Serving,
    browser: ClientSession,
    caplog: pytest.LogCaptureFixture,
) -> None:
    caplog.set_level(logging.INFO)
    async with serving(Listener(), several) as address:
        await install(browser, address, slack, acme)
        await come_back(browser, address, "", code="guessed")
        acme.command("ask", "What is attention?")
        await acme.posted()
        acme.leave()
        await acme.requests_answered(3)
    for secret in (SECRET, CLIENT_SECRET, acme.bot_token):
        assert secret not in caplog.text
