"""Settings: what the machine tells us. Built once per run from the environment and handed down; importing reads
nothing.

`SANTRAL_HOME` is where our own store and the embedded mock PMS live (`./.santral`). An empty `SANTRAL_PMS_URL` means
the embedded mock in `<home>/pms.sqlite`. Every setting is listed in docs/configuration.md.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

from domain.errors import InvalidInput


@dataclass(frozen=True, slots=True)
class PmsCredentials:
    """What a PMS asks for before it talks to us."""

    client_id: str = ""
    client_secret: str = field(default="", repr=False)
    app_key: str = field(default="", repr=False)
    username: str = ""
    password: str = field(default="", repr=False)
    enterprise_id: str = ""


@dataclass(frozen=True, slots=True)
class Settings:
    """One run's settings. `clock_offset` shifts our clock and the embedded mock's together (`--as-of`)."""

    home: Path
    database_url: str = field(repr=False)
    pms_url: str
    credentials: PmsCredentials
    actor: str
    language: str
    hotel: str
    clock_offset: timedelta
    read_timeout_s: float
    write_timeout_s: float
    read_cache_s: float
    breaker_failures: int
    breaker_trial_s: float
    workers: int
    audit_key: str = field(default="", repr=False)
    audit_checkpoints: str = ""
    channels: str = ""
    outbound: str = ""
    secrets: Mapping[str, str] = field(default_factory=dict, repr=False)

    @property
    def store_path(self) -> Path:
        """The SQLite file of our own store."""
        return self.home / "santral.sqlite"

    @property
    def mock_path(self) -> Path:
        """The SQLite file of the embedded mock PMS."""
        return self.home / "pms.sqlite"

    @property
    def hotels_dir(self) -> Path:
        """The hotel files of this home."""
        return self.home / "hotels"

    @property
    def channels_path(self) -> Path:
        """The file of the hooks."""
        return Path(self.channels) if self.channels else self.home / "channels.toml"

    @property
    def stand_ins_path(self) -> Path:
        """The SQLite file of what the channels' stand-ins were sent."""
        return self.home / "channels.sqlite"

    @property
    def is_live(self) -> bool:
        """Whether messages may really leave this machine."""
        return self.outbound == "live"

    @property
    def is_embedded(self) -> bool:
        """Whether the PMS is the embedded mock."""
        return not self.pms_url


def _database(env: Mapping[str, str]) -> str:
    """The address of the store's database; what was given is not repeated, for it may hold a password."""
    url = env.get("SANTRAL_DATABASE_URL", "")
    if url and not url.startswith(("postgresql://", "postgres://")):
        raise InvalidInput("SANTRAL_DATABASE_URL must look like postgresql://user:password@host:5432/database.")
    return url


def _outbound(env: Mapping[str, str]) -> str:
    """`live`, or nothing: any other word could be a slip."""
    text = env.get("SANTRAL_OUTBOUND", "")
    if text not in {"", "live"}:
        raise InvalidInput("SANTRAL_OUTBOUND is live or empty, not {text}.", text=text[:20])
    return text


def _seconds(env: Mapping[str, str], name: str, default: float) -> float:
    text = env.get(name, "")
    try:
        value = float(text) if text else default
    except ValueError:
        value = -1.0
    if not 0 < value < 3600:  # noqa: PLR2004 - an hour is more than anybody waits
        raise InvalidInput("{name} must be a number of seconds, not {text}.", name=name, text=text)
    return value


def _count(env: Mapping[str, str], name: str, default: int, least: int, most: int) -> int:
    text = env.get(name, "")
    if text and not (text.isascii() and text.isdigit() and len(text) < 10 and least <= int(text) <= most):  # noqa: PLR2004
        raise InvalidInput(
            "{name} must be a number from {least} to {most}, not {text}.", name=name, least=least, most=most, text=text
        )
    return int(text) if text else default


def parse_as_of(text: str, now: datetime) -> timedelta:
    """The offset that makes `now` read as `text` (ISO 8601; without a zone it is UTC)."""
    if not text:
        return timedelta(0)
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        raise InvalidInput("{text} is not an instant such as 2027-07-01T10:00Z.", text=text[:40]) from None
    return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)) - now


def settings_from(env: Mapping[str, str], now: datetime, cwd: Path) -> Settings:
    """Read the `SANTRAL_...` environment. InvalidInput names the variable that cannot be worked with."""
    credentials = PmsCredentials(
        client_id=env.get("SANTRAL_PMS_CLIENT_ID", ""),
        client_secret=env.get("SANTRAL_PMS_CLIENT_SECRET", ""),
        app_key=env.get("SANTRAL_PMS_APP_KEY", ""),
        username=env.get("SANTRAL_PMS_USERNAME", ""),
        password=env.get("SANTRAL_PMS_PASSWORD", ""),
        enterprise_id=env.get("SANTRAL_PMS_ENTERPRISE_ID", ""),
    )
    return Settings(
        home=Path(env.get("SANTRAL_HOME") or cwd / ".santral"),
        database_url=_database(env),
        pms_url=env.get("SANTRAL_PMS_URL", "").rstrip("/"),
        credentials=credentials,
        actor=env.get("SANTRAL_ACTOR") or env.get("USER") or "local",
        language=env.get("SANTRAL_LANG", ""),
        hotel=env.get("SANTRAL_HOTEL", ""),
        clock_offset=parse_as_of(env.get("SANTRAL_AS_OF", ""), now),
        read_timeout_s=_seconds(env, "SANTRAL_PMS_READ_TIMEOUT", 5.0),
        write_timeout_s=_seconds(env, "SANTRAL_PMS_WRITE_TIMEOUT", 10.0),
        read_cache_s=_seconds(env, "SANTRAL_PMS_READ_CACHE", 2.0),
        breaker_failures=_count(env, "SANTRAL_PMS_BREAKER", 5, 0, 1000),
        breaker_trial_s=_seconds(env, "SANTRAL_PMS_BREAKER_TRIAL", 5.0),
        workers=_count(env, "SANTRAL_WORKERS", 1, 1, 64),
        audit_key=env.get("SANTRAL_AUDIT_KEY", ""),
        audit_checkpoints=env.get("SANTRAL_AUDIT_CHECKPOINTS", ""),
        channels=env.get("SANTRAL_CHANNELS", ""),
        outbound=_outbound(env),
        secrets={name: value for name, value in env.items() if name.startswith("SANTRAL_SECRET_")},
    )
