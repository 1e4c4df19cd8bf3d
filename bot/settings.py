"""All settings, read once from the environment and ``.env``."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Literal, Self

from limits import parse_many
from pydantic import Field, SecretStr, ValidationError, field_validator, model_validator
from pydantic_core import PydanticCustomError
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

from bot.core.errors import SettingsError

SHIPPED_ARTICLES = str(Path(__file__).resolve().parent.parent / "knowledge" / "articles")


@dataclass(frozen=True)
class ShardRange:
    """Which part of a large Discord bot one process serves.

    Args:
        first: the number of its first shard, counted from 0.
        last: the number of its last shard.
        total: how many shards all processes have together.
    """

    first: int
    last: int
    total: int

    def __str__(self) -> str:
        return f"{self.first}-{self.last}/{self.total}"

    @classmethod
    def read(cls, written: str) -> ShardRange:
        """Understand `0-3/16`, or `2/16` for a single shard.

        Raises:
            ValueError: it is written otherwise, or there are no such shards.
        """
        match = re.fullmatch(r"(\d{1,5})(?:-(\d{1,5}))?/(\d{1,5})", written.strip(), re.ASCII)
        if match is None:
            raise ValueError(f"{written!r} is written neither like 0-3/16 nor like 2/16")
        shards = cls(int(match[1]), int(match[2] or match[1]), int(match[3]))
        if not shards.first <= shards.last < shards.total:
            raise ValueError(f"{written!r}: shards are numbered from 0 to one below their total")
        return shards


class Settings(BaseSettings):
    """Environment variables with the prefix ``EXPLAINER_``; a field's name in capitals is
    the variable's name.
    """

    model_config = SettingsConfigDict(
        env_prefix="EXPLAINER_", env_file=".env", extra="ignore", frozen=True
    )

    data_dir: Path = Field(
        Path("data"), description="Folder of the library, the journal and the index."
    )
    sources: Annotated[tuple[str, ...], NoDecode] = Field(
        (SHIPPED_ARTICLES,),
        description="Comma-separated folders, files, `.jsonl` corpora, web addresses, or `.toml` "
        "files that declare sources (docs/sources.md); the shipped articles by default.",
    )
    fetch_allowed: Annotated[tuple[str, ...], NoDecode] = Field(
        (),
        description="Comma-separated `host:port` that sources may be fetched from although they "
        "are not public (an intranet, tests).",
    )
    models_dir: Path | None = Field(
        None,
        description="Folder of the packaged models as they are run, made when it is missing; by "
        "default `models` in the data directory.",
    )
    database_url: SecretStr | None = Field(
        None,
        description="Where several processes share library and journal: "
        "`postgresql://USER:PASSWORD@HOST/DATABASE`, together with EXPLAINER_CHROMA_URL; by "
        "default files in the data directory.",
    )
    chroma_url: str = Field(
        "",
        description="Address of a Chroma server; empty for Chroma in the bot's own process.",
    )
    embedding_model: str = Field(
        "packaged",
        description="`packaged` (all-MiniLM-L6-v2), or a sentence-transformers model by "
        "path or name.",
    )
    reranker: str = Field(
        "none",
        description="`none`, or a sentence-transformers CrossEncoder by path or name that puts "
        "the best passages in order.",
    )
    nli: str = Field(
        "none",
        description="`none`, or a CrossEncoder for natural language inference by path or name "
        "that judges sentences which say what a passage says in words of their own.",
    )
    model: str = Field(
        "none",
        description="`none`, or a language model: `openai:NAME`, `anthropic:NAME`, "
        "`ollama:NAME`. Its key comes from the provider's own variable, such as "
        "`OPENAI_API_KEY`.",
    )
    model_base_url: str | None = Field(
        None, description="Address of any server compatible with the model's provider."
    )
    model_timeout: float = Field(
        30.0, gt=0, description="Seconds to wait for the language model's answer."
    )
    operators: Annotated[tuple[str, ...], NoDecode] = Field(
        (),
        description="Comma-separated ids of those who may reindex: `discord:USER_ID`, "
        "`slack:TEAM_ID:USER_ID`.",
    )
    home: Annotated[tuple[str, ...], NoDecode] = Field(
        (),
        description="Comma-separated places whose administrators may reindex, too: "
        "`discord:SERVER_ID`, `slack:TEAM_ID`.",
    )
    limit_person: str = Field(
        "20/minute;300/day",
        description="How much one person may ask, such as `20/minute;300/day`; empty: no limit.",
    )
    limit_channel: str = Field(
        "60/minute", description="How much may be asked in one channel; empty: no limit."
    )
    limit_total: str = Field(
        "",
        description="How much may be asked by all together, such as `5000/day`; empty: no limit.",
    )
    tokens_person: str = Field(
        "",
        description="How many tokens the language model may use for one person, such as "
        "`20000/day`; what is over is answered without it. Empty: no limit.",
    )
    tokens_channel: str = Field(
        "", description="How many tokens it may use for one channel; empty: no limit."
    )
    tokens_total: str = Field(
        "", description="How many tokens it may use for all together; empty: no limit."
    )
    queue: int = Field(
        200,
        ge=1,
        description="How many replies one process works on at once; who comes when it is full is "
        "told so at once.",
    )
    retention_days: int = Field(
        90,
        ge=0,
        description="After how many days questions and answers are deleted; 0: never.",
    )
    id_key: SecretStr | None = Field(
        None,
        description="If set, the ids of people are stored as hashes that only this key can make; "
        "any long random text.",
    )
    log_format: Literal["console", "json"] = Field(
        "console", description="How log lines are written: `console` or `json`."
    )
    log_level: Literal["debug", "info", "warning", "error"] = Field(
        "info", description="Which log lines are written: `debug`, `info`, `warning` or `error`."
    )
    log_text: bool = Field(
        False, description="Whether logs and traces may hold what people write and are answered."
    )
    ops_host: str = Field(
        "127.0.0.1",
        description="The address at which health and metrics are told; loopback by default.",
    )
    ops_port: int = Field(
        0,
        ge=0,
        le=65_535,
        description="The port of `/healthz`, `/readyz` and `/metrics`; 0: none.",
    )
    otlp_endpoint: str = Field(
        "",
        description="Where traces are sent by OpenTelemetry's protocol over HTTP, such as "
        "`http://localhost:4318`; empty: none are made.",
    )
    model_price: str = Field(
        "",
        description="What a million tokens of the language model cost, read and written, such as "
        "`0.15/0.60`, for the metric of its cost.",
    )
    discord_token: SecretStr | None = Field(None, description="The Discord bot's token.")
    discord_message_content: bool = Field(
        False, description="Ask Discord for the privileged message-content intent."
    )
    discord_shards: Annotated[ShardRange | None, NoDecode] = Field(
        None,
        description="Which of Discord's shards this process serves, such as `0-3/16`; by default "
        "all that Discord recommends.",
    )
    discord_api_base: str | None = Field(
        None, description="Another address for Discord's HTTP API (tests, proxies)."
    )
    discord_gateway_url: str | None = Field(
        None, description="Another address for Discord's gateway (tests, proxies)."
    )
    slack_bot_token: SecretStr | None = Field(None, description="Slack's bot token, `xoxb-…`.")
    slack_app_token: SecretStr | None = Field(
        None, description="Slack's app-level token for Socket Mode, `xapp-…`."
    )
    slack_mode: Literal["socket", "http"] = Field(
        "socket",
        description="`socket`: the bot connects to Slack; `http`: Slack sends requests to the bot, "
        "behind a proxy.",
    )
    slack_host: str = Field(
        "127.0.0.1", description="In HTTP mode, the address to listen on; loopback by default."
    )
    slack_port: int = Field(
        3000, ge=1, le=65_535, description="In HTTP mode, the port to listen on."
    )
    slack_signing_secret: SecretStr | None = Field(
        None, description="In HTTP mode, the secret that Slack signs its requests with."
    )
    slack_client_id: str = Field(
        "", description="For several workspaces by OAuth (HTTP mode): the app's client id."
    )
    slack_client_secret: SecretStr | None = Field(
        None, description="For several workspaces by OAuth (HTTP mode): the app's client secret."
    )
    slack_command_prefix: str = Field(
        "",
        description="What the names of Slack's commands begin with, where other apps have the "
        "same names: with `ai-`, `/ask` is `/ai-ask`.",
    )
    slack_api_url: str | None = Field(
        None, description="Another address for Slack's Web API (tests, proxies)."
    )

    @field_validator("sources", "operators", "home", "fetch_allowed", mode="before")
    @classmethod
    def _split(cls, value: object) -> object:
        if isinstance(value, str):
            return tuple(part.strip() for part in value.split(",") if part.strip())
        return value

    @field_validator("discord_shards", mode="before")
    @classmethod
    def _read_shards(cls, value: object) -> object:
        if isinstance(value, str):
            return ShardRange.read(value) if value.strip() else None
        return value

    @field_validator(
        "limit_person",
        "limit_channel",
        "limit_total",
        "tokens_person",
        "tokens_channel",
        "tokens_total",
    )
    @classmethod
    def _limits_are_limits(cls, value: str) -> str:
        if value.strip():
            try:
                parse_many(value)
            except ValueError:
                raise ValueError(f"{value!r} is not a limit like 20/minute;300/day") from None
        return value

    @field_validator("home")
    @classmethod
    def _homes_are_places(cls, value: tuple[str, ...]) -> tuple[str, ...]:
        for home in value:
            platform, _, id_ = home.partition(":")
            if platform not in ("discord", "slack") or not id_ or ":" in id_:
                raise ValueError(f"{home!r} is neither discord:SERVER_ID nor slack:TEAM_ID")
        return value

    @field_validator("operators")
    @classmethod
    def _operators_are_ids(cls, value: tuple[str, ...]) -> tuple[str, ...]:
        for operator in value:
            platform, *rest = operator.split(":")
            if {"discord": 1, "slack": 2}.get(platform) != len(rest) or not all(rest):
                raise ValueError(
                    f"{operator!r} is neither discord:USER_ID nor slack:TEAM_ID:USER_ID"
                )
        return value

    @field_validator(
        "discord_token",
        "slack_bot_token",
        "slack_app_token",
        "slack_signing_secret",
        "slack_client_secret",
        "database_url",
        "id_key",
    )
    @classmethod
    def _empty_means_unset(cls, value: SecretStr | None) -> SecretStr | None:
        return value if value is not None and value.get_secret_value().strip() else None

    @field_validator("database_url")
    @classmethod
    def _databases_are_postgresql(cls, value: SecretStr | None) -> SecretStr | None:
        if value and not re.match(r"postgres(ql)?://", value.get_secret_value()):
            raise ValueError("write it like postgresql://USER:PASSWORD@HOST/DATABASE")
        return value

    @field_validator("slack_command_prefix")
    @classmethod
    def _prefix_fits_into_names(cls, value: str) -> str:
        if not re.fullmatch(r"[a-z0-9_-]{0,12}", value):
            raise ValueError("use at most 12 lowercase letters, digits, - and _")
        return value

    @model_validator(mode="after")
    def _shared_databases_need_a_shared_index(self) -> Self:
        if self.database_url and not self.chroma_url:
            raise PydanticCustomError(
                "chroma",
                "EXPLAINER_DATABASE_URL needs EXPLAINER_CHROMA_URL beside it: several "
                "processes cannot search one folder",
            )
        return self

    @property
    def database(self) -> str:
        """The address of the shared database; empty if there is none."""
        return self.database_url.get_secret_value() if self.database_url else ""

    @property
    def slack_wanted(self) -> bool:
        """Whether any setting says that Slack is to be served."""
        return self.slack_mode == "http" or bool(self.slack_bot_token or self.slack_app_token)


def load_settings() -> Settings:
    """Read the settings.

    Raises:
        SettingsError: a value is not valid; names the variable, never shows a secret.
    """
    try:
        return Settings()
    except (OSError, UnicodeDecodeError) as error:
        raise SettingsError(f".env cannot be read: {error}.") from None
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        if not first["loc"]:
            raise SettingsError(f"{first['msg']}.") from None
        name = "EXPLAINER_" + str(first["loc"][0]).upper()
        reason = first["msg"].removeprefix("Value error, ")
        raise SettingsError(f"{name} is not valid: {reason}.") from None
