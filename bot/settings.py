"""Every setting, read once from the environment and `.env`, only in the composition roots."""

from pathlib import Path
from typing import Literal
from urllib.parse import urlsplit

from pydantic import Field, SecretStr, ValidationError, field_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from model.types import Adaptation, UnderstudyError

LOCAL_TEAM = "T0LOCAL"
"""Team id of the local workspace."""


class Settings(BaseSettings):
    """Frozen. Each field's docstring and default stand in `.env.example` too (a test compares them)."""

    model_config = SettingsConfigDict(
        env_file=".env", extra="ignore", frozen=True, env_ignore_empty=True, use_attribute_docstrings=True
    )

    # Slack
    slack_bot_token: SecretStr = SecretStr("")
    """Bot token, xoxb-... Both tokens empty: the local workspace."""
    slack_app_token: SecretStr = SecretStr("")
    """App-level token with connections:write, xapp-..."""
    slack_api_url: str = "https://slack.com/api/"
    """Where the Web API lives; the local workspace sets it to its own address."""
    agent_user_ids: str = ""
    """Slack user ids of support agents, separated by commas. Empty: the members of the agents' channel."""
    command_support: str = "/support"
    """Name of the agents' slash command."""
    command_relabel: str = "/relabel"
    """Name of the relabel slash command."""
    command_ask: str = "/ask"
    """Name of the customers' slash command."""

    # Where things live
    data_dir: Path = Path("data")
    """Database, models and caches. Local and real workspaces keep apart inside it."""
    database_url: str = ""
    """SQLAlchemy URL. Empty: a SQLite file in the data folder."""
    shared_dir: Path = Path("../shared")
    """Benchmark data and Slack's samples, for bench and tests."""

    # The local workspace
    workspace_port: int = Field(default=8765, ge=1, le=65535)
    """First port to try for the local workspace."""

    # Models
    intent_base: str = ""
    """Folder or hub id of another encoder. Empty: all-MiniLM-L6-v2 from its wheel."""
    intent_adapt: Adaptation = "full"
    """What of the encoder a training changes: full, lora (adapters), freeze (the upper half), prune (to 3 layers)."""
    response_base: str = ""
    """Folder or hub id of another generator. Empty: SmolLM2-135M-Instruct from its wheel."""
    generator: Literal["on", "off"] = "on"
    """Whether replies may be generated. Off: approved answers and quoted passages only; saves about 1 GB."""
    languages: str = ""
    """Languages the intent model reads, such as en,de, or all. Empty: what its vocabulary shows, else English."""
    tone: str = "friendly"
    """Tone of generated replies, in a word or two."""

    # Replies written elsewhere
    generator_url: str = ""
    """OpenAI-compatible endpoint that writes replies, such as http://127.0.0.1:8000/v1. Empty: this process does."""
    generator_model: str = ""
    """The model's name there."""
    generator_api_key: SecretStr = SecretStr("")
    """Key for it, if it wants one."""
    generator_first_seconds: float = Field(default=5, gt=0)
    """Seconds to wait for its first words; then the approved text goes out."""
    generator_seconds: float = Field(default=12, gt=0)
    """Seconds for a whole reply, second tries included."""
    generator_retries: int = Field(default=6, ge=0)
    """Second tries in any minute, at most."""
    generator_failures: int = Field(default=3, ge=1)
    """Failures in a row after which the endpoint is left alone."""
    generator_pause: float = Field(default=30, gt=0)
    """Seconds for which it is left alone; then one reply tries it again."""

    # Routing
    mode: Literal["", "automatic", "draft"] = ""
    """automatic: the bot answers; draft: an agent sends. Empty: automatic locally, draft in a real workspace."""
    answer_threshold: float | None = Field(default=None, ge=0, le=1)
    """Confidence from which to answer. Empty: what the model version chose, for at most 5 % wrong answers."""
    ambiguity_margin: float = Field(default=0.15, ge=0, le=1)
    """Top-1 minus top-2 below which the customer is asked what they meant."""
    context_minutes: int = Field(default=30, ge=0)
    """How long a customer's last case is read as context of a new one."""
    burst_seconds: float = Field(default=2.0, ge=0)
    """Seconds for which a direct message that says little waits for what belongs to it; 0: each is answered alone."""

    # Customers' own orders
    orders_file: str = ""
    """CSV of orders that answers may tell of. Empty: the starter shop's in the local workspace, else none."""
    orders_module: str = ""
    """Python module whose lookup() gives orders in its place; see docs/operating.md."""

    # Cases that wait
    opening_hours: str = ""
    """When agents are there, such as mon-fri 09:00-17:00, sat 10:00-14:00, in TIMEZONE. Empty: always."""
    remind_agents_minutes: float = Field(default=10, ge=0)
    """Open minutes after which the agents' channel is reminded of a case that nobody has taken; 0: never."""
    remind_owners_minutes: float = Field(default=30, ge=0)
    """Open minutes after which the owners are mentioned; 0: never."""
    tell_customer_minutes: float = Field(default=15, ge=0)
    """Open minutes after which the customer hears that it takes longer; 0: never."""
    holder_silent_hours: float = Field(default=4, ge=0)
    """Open hours of an agent's silence after which a case waits for a person again; 0: never."""

    # What agents are told
    minutes_a_case: float = Field(default=5, ge=0)
    """Minutes that a case costs an agent, for what the bot saves in `/support stats`; 0: nothing is said of it."""
    automatic_share: float = Field(default=0.95, ge=0, le=1)
    """Share of an intent's drafts sent unchanged from which agents are offered to let the bot answer by itself."""
    automatic_drafts: int = Field(default=20, ge=1)
    """So many drafts of the intent at least."""
    stream_after_seconds: float = 1.5
    """A generated reply that is still being written by then grows sentence by sentence; 0: from its first checked
    sentence on; negative: replies always come whole."""

    digest_time: str = "08:30"
    """When the agents' channel is told of the last day, in the desk's time zone. Empty: never."""

    # Pictures
    pictures: Literal["on", "off"] = "on"
    """Whether pictures in messages are read; wants the extra `ocr` (`make ocr`)."""
    picture_megabytes: float = Field(default=10, gt=0, le=50)
    """Files above this size are not fetched."""
    picture_seconds: float = Field(default=6, gt=0)
    """Seconds for reading one picture; then its process is killed and the customer asked for words."""

    # Knowledge base
    article_stale_days: int = Field(default=365, ge=0)
    """Days after which an article that nobody has updated counts as stale; 0: never."""

    # Recommendations
    recommend: Literal["auto", "off"] = "auto"
    """Whether "You may also need" may stand under answers. auto: where the last training found that it helps."""
    recommend_except: str = ""
    """Channel ids and intents without it, separated by commas: nothing under them, and none of their articles."""

    # Re-finetuning
    retrain_cron: str = "0 3 * * *"
    """When to fine-tune again, in five cron fields. Empty: never."""
    timezone: str = "UTC"
    """The desk's time zone."""
    retrain_min_labels: int = Field(default=20, ge=1)
    """New labels needed before a scheduled training starts."""
    retrain_response_minutes: float = Field(default=10, ge=0)
    """Budget of the response model's fine-tuning, in minutes; 0 leaves it alone."""
    train_generator_on_slack_text: bool | None = None
    """Whether text written in Slack may train the generator (see README). Empty: yes locally, else no."""

    # Logging
    log_level: Literal["DEBUG", "INFO", "WARNING", "ERROR"] = "INFO"
    """How much is logged."""

    @field_validator("train_generator_on_slack_text", mode="before")
    @classmethod
    def _empty_is_none(cls, value: object) -> object:
        return None if value == "" else value

    @property
    def without_tokens(self) -> bool:
        """Neither token is given."""
        return not self.slack_bot_token.get_secret_value() and not self.slack_app_token.get_secret_value()

    @property
    def local(self) -> bool:
        """True for the local workspace: no tokens yet, or the ones that it issues."""
        return self.without_tokens or self.slack_bot_token.get_secret_value().startswith("xoxb-local-")

    @property
    def drafts(self) -> bool:
        """Whether an agent sends every answer. A real workspace starts so, the local one does not."""
        return self.mode == "draft" or (self.mode == "" and not self.local)

    @property
    def slack_text_may_train_generator(self) -> bool:
        """No answer from the owner means no, except where no Slack is involved."""
        return self.local if self.train_generator_on_slack_text is None else self.train_generator_on_slack_text

    @property
    def home(self) -> Path:
        """The data folder of this deployment, absolute: local and real never mix."""
        return (self.data_dir / ("local" if self.local else "slack")).resolve()

    @property
    def url(self) -> str:
        """SQLAlchemy URL of the database."""
        return self.database_url or f"sqlite:///{self.home / 'understudy.db'}"

    @property
    def unrecommended(self) -> frozenset[str]:
        """Channels and intents without recommendations."""
        return _parts(self.recommend_except)

    @property
    def agents(self) -> frozenset[str]:
        return _parts(self.agent_user_ids)


def _parts(words: str) -> frozenset[str]:
    """What stands between commas."""
    return frozenset(part.strip() for part in words.split(",") if part.strip())


def load(**overrides: object) -> Settings:
    """Read the settings.

    Raises:
        UnderstudyError: a value is malformed, a token has the wrong form, or one token of two is given.
    """
    try:
        settings = Settings(**overrides)  # type: ignore[arg-type]
    except ValidationError as error:
        first = error.errors()[0]
        name = "_".join(str(part) for part in first["loc"]).upper()
        raise UnderstudyError(f"{name}: {first['msg']}; found {first['input']!r}. Correct it in .env.") from None
    check_tokens(settings)
    check_endpoint(settings)
    return settings


def check_tokens(settings: Settings) -> None:
    """Refuse one token of two, and tokens that cannot be what they should be."""
    tokens = {
        "SLACK_BOT_TOKEN": (settings.slack_bot_token.get_secret_value(), "xoxb-"),
        "SLACK_APP_TOKEN": (settings.slack_app_token.get_secret_value(), "xapp-"),
    }
    if settings.without_tokens:
        return
    for name, (value, prefix) in tokens.items():
        if not value:
            raise UnderstudyError(
                f"{name}: expected both Slack tokens or neither, found only the other one. "
                f"Add {name}={prefix}... to .env, or empty both for the local workspace."
            )
        if not value.startswith(prefix) or len(value) < len(prefix) + 8:
            raise UnderstudyError(
                f"{name}: expected a token that begins with {prefix}, found {value[:5]!r}... Copy it again."
            )


def check_endpoint(settings: Settings) -> None:
    """Refuse an address that is none, one without a model's name, and a key that no header can carry."""
    if not settings.generator_url:
        return
    if not _is_address(settings.generator_url):
        raise UnderstudyError(
            "GENERATOR_URL: expected http(s)://host[:port]/path without user, ? or #, "
            f"found {settings.generator_url!r}. It usually ends with /v1."
        )
    if not settings.generator_model.strip():
        raise UnderstudyError(
            "GENERATOR_MODEL: expected the model's name at GENERATOR_URL, found none. Add it to .env."
        )
    key = settings.generator_api_key.get_secret_value()
    if not (key.isascii() and key.isprintable()):
        raise UnderstudyError("GENERATOR_API_KEY: expected plain letters in one line, found others. Copy it again.")


def _is_address(url: str) -> bool:
    try:
        parts = urlsplit(url)
        named = bool(parts.hostname) and parts.port != 0
    except ValueError:
        return False
    bare = not (parts.username or parts.password or parts.query or parts.fragment)
    return (
        named and bare and parts.scheme in ("http", "https") and url.isascii() and url.isprintable() and " " not in url
    )
