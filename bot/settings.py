"""All settings, read once from the environment and ``.env``."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

from pydantic import Field, SecretStr, ValidationError, field_validator
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

from bot.core.errors import SettingsError

SHIPPED_ARTICLES = str(Path(__file__).resolve().parent.parent / "knowledge" / "articles")


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
    discord_token: SecretStr | None = Field(None, description="The Discord bot's token.")
    discord_message_content: bool = Field(
        False, description="Ask Discord for the privileged message-content intent."
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
    slack_api_url: str | None = Field(
        None, description="Another address for Slack's Web API (tests, proxies)."
    )

    @field_validator("sources", "operators", "fetch_allowed", mode="before")
    @classmethod
    def _split(cls, value: object) -> object:
        if isinstance(value, str):
            return tuple(part.strip() for part in value.split(",") if part.strip())
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

    @field_validator("discord_token", "slack_bot_token", "slack_app_token")
    @classmethod
    def _empty_means_unset(cls, value: SecretStr | None) -> SecretStr | None:
        return value if value is not None and value.get_secret_value().strip() else None


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
        name = "EXPLAINER_" + str(first["loc"][0]).upper()
        reason = first["msg"].removeprefix("Value error, ")
        raise SettingsError(f"{name} is not valid: {reason}.") from None
