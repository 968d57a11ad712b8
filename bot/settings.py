"""Configuration: environment over file over default, read once.

Every key is explained in config.example.yaml. Environment names are `BOT_` and the key in capitals,
levels joined by two underscores: `BOT_TELEGRAM__TOKEN`. Secrets are taken from the environment, or
from a file it names (`BOT_TELEGRAM__TOKEN_FILE`), never from the configuration file.

One deployment can serve several organisations: each has a file in the folder BOT_ORGANISATIONS names, and
variables of its own, `COHEP_BOT_TELEGRAM__TOKEN` for cohep.yaml.
"""

import datetime
import re
import zoneinfo
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, SecretStr, ValidationError, field_validator

from bot.advice import yaml_lines
from bot.errors import UsageError, read_text

PREFIX = "BOT_"
# The configuration file; then what the test suite and containers name for themselves.
NOT_KEYS = frozenset({"BOT_CONFIG", "BOT_ORGANISATION", "BOT_ORGANISATIONS", "BOT_TEST_DATABASE_URL"})
DEFAULT_FILE = Path("config.yaml")
NAME = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
# What two organisations of one deployment each need for themselves.
NOT_SHARED = ("telegram.token", "database.url", "staff.group_id", "monitoring.listen")


Day = Literal["mon", "tue", "wed", "thu", "fri", "sat", "sun"]
# In quotes in YAML, which reads 17:00 as a number.
Hour = Annotated[str, Field(pattern=r"^([01][0-9]|2[0-3]):[0-5][0-9]$")]
# Why a case may be opened: docs/staff.md.
Reason = Literal["none_of_these", "unanswered", "person", "feedback", "sensitive", "connect"]


def _zone(name: str) -> str:
    if name not in zoneinfo.available_timezones():
        raise ValueError(f"there is no time zone {name}; name one such as America/Montevideo")
    return name


class _Section(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class TelegramSettings(_Section):
    """How Telegram is reached; `base_url` may name another Bot API server."""

    token: SecretStr | None = None
    base_url: str = "https://api.telegram.org/bot"
    base_file_url: str = "https://api.telegram.org/file/bot"
    webhook_url: str | None = None
    webhook_secret: SecretStr | None = None
    listen: str = "127.0.0.1:8443"
    pace: Literal["telegram", "none"] = "telegram"


class DatabaseSettings(_Section):
    """Where everything is stored, as an SQLAlchemy address."""

    url: str = "sqlite+aiosqlite:///data/bot.db"


class KnowledgeSettings(_Section):
    """Where the knowledge folder is."""

    path: Path = Path("knowledge")


class AdviceSettings(_Section):
    """Which encoders are used, where phrase vectors are kept, and the thresholds (None: as calibrated)."""

    encoder: Literal["auto", "use", "minilm", "e5", "none"] = "auto"
    cache: Path = Path("data/cache")
    answer_threshold: float | None = Field(default=None, ge=0, le=1)
    clarify_threshold: float | None = Field(default=None, ge=0, le=1)


class OfficeSettings(_Section):
    """Who answers which cases, and when they work. Empty `countries`, `topics` or `reasons` mean all.

    `holidays_of` names the countries whose national holidays are kept (None: those of `countries`);
    `holidays` adds days of its own. What is None is as `staff` says.
    """

    name: str = Field(min_length=1)
    countries: tuple[Literal["AR", "BO", "CO", "HN", "UY"], ...] = ()
    topics: tuple[str, ...] = ()
    reasons: tuple[Reason, ...] = ()
    group_id: int | None = None
    person: str | None = None
    zone: str | None = None
    days: tuple[Day, ...] | None = None
    opens: Hour | None = None
    closes: Hour | None = None
    holidays_of: tuple[str, ...] | None = None
    holidays: tuple[datetime.date, ...] = ()
    promise_days: int | None = Field(default=None, ge=1, le=30)

    @field_validator("zone")
    @classmethod
    def _known_zone(cls, zone: str | None) -> str | None:
        return zone and _zone(zone)


class StaffSettings(_Section):
    """The organisation that answers: its group, its hours, and in how many days a person is answered."""

    group_id: int | None = None
    group_admins_answer: bool = False
    language: str = "es"
    sensitive: tuple[str, ...] = ()
    offices: tuple[OfficeSettings, ...] = ()
    zone: str = "America/La_Paz"
    days: tuple[Day, ...] = Field(default=("mon", "tue", "wed", "thu", "fri"), min_length=1)
    opens: Hour = "08:00"
    closes: Hour = "17:00"
    holidays: tuple[datetime.date, ...] = ()
    promise_days: int = Field(default=2, ge=1, le=30)
    continue_days: int = Field(default=7, ge=1, le=90)

    @field_validator("zone")
    @classmethod
    def _known_zone(cls, zone: str) -> str:
        return _zone(zone)

    @field_validator("sensitive", "days", mode="before")
    @classmethod
    def _one_line(cls, value: object) -> object:
        """Read "mia, eva", as the environment gives a list."""
        return tuple(part.strip() for part in value.split(",")) if isinstance(value, str) else value


class ConsoleSettings(_Section):
    """Where the staff console listens, how it is reached, whose word on that is taken."""

    listen: str = "127.0.0.1:8080"
    public_url: str | None = None
    proxy: str = "127.0.0.1"
    session_hours: int = Field(default=12, ge=1, le=24 * 30)
    secret: SecretStr | None = None


class PrivacySettings(_Section):
    """Care of personal data: the key it is sealed with when there is one, and for how long it is kept.

    `keep_days` is for questions, closed cases and people who no longer write (None: for ever),
    `keep_deliveries_days` for updates that were dealt with and messages that were sent,
    `keep_backups_days` for the copies in `backups`, a folder.
    """

    encryption_key: SecretStr | None = None
    keep_days: int | None = Field(default=730, ge=1)
    keep_deliveries_days: int = Field(default=30, ge=3)
    then: Literal["anonymise", "delete"] = "anonymise"
    backups: Path | None = None
    keep_backups_days: int = Field(default=30, ge=1)


class MonitoringSettings(_Section):
    """What whoever keeps the bot running sees: where health and figures are served, and how logs look."""

    listen: str | None = None
    logs: Literal["plain", "json"] = "plain"


class LinksSettings(_Section):
    """Whether the running bot checks once a day that the links still open, and counts those people open."""

    watch: bool = False
    count_opens: bool = False


class Settings(_Section):
    """All of the configuration."""

    telegram: TelegramSettings = TelegramSettings()
    database: DatabaseSettings = DatabaseSettings()
    knowledge: KnowledgeSettings = KnowledgeSettings()
    advice: AdviceSettings = AdviceSettings()
    staff: StaffSettings = StaffSettings()
    console: ConsoleSettings = ConsoleSettings()
    privacy: PrivacySettings = PrivacySettings()
    monitoring: MonitoringSettings = MonitoringSettings()
    links: LinksSettings = LinksSettings()


SECRETS = frozenset({"telegram.token", "telegram.webhook_secret", "console.secret", "privacy.encryption_key"})


def load(environment: Mapping[str, str], *, file: Path | None = None) -> Settings:
    """Return the settings; raise `UsageError` naming the first key that is wrong.

    `file`, or BOT_CONFIG, must exist where it is named; `config.yaml` is read where it exists. Where
    BOT_ORGANISATION names one of several organisations, its settings are returned.
    """
    if environment.get("BOT_ORGANISATION"):
        return _organisation(environment, environment["BOT_ORGANISATION"])
    named = file or (Path(environment["BOT_CONFIG"]) if environment.get("BOT_CONFIG") else None)
    path = named or (DEFAULT_FILE if DEFAULT_FILE.exists() else None)
    return _validated(_from_file(path, PREFIX) if path else {}, environment, PREFIX)


def load_all(environment: Mapping[str, str]) -> dict[str, Settings]:
    """Return the settings of each organisation in this deployment, by name; one has no name.

    BOT_ORGANISATIONS names a folder with a configuration file each. What two may not share is refused.
    """
    folder = environment.get("BOT_ORGANISATIONS")
    if not folder or environment.get("BOT_ORGANISATION"):
        return {"": load(environment)}
    names = sorted(path.stem for path in Path(folder).glob("*.yaml"))
    if not names:
        raise UsageError(f"the folder BOT_ORGANISATIONS names, {folder}, holds no configuration (NAME.yaml)")
    found = {name: _organisation(environment, name) for name in names}
    for key in NOT_SHARED:
        _check_own(found, key)
    return found


def _organisation(environment: Mapping[str, str], name: str) -> Settings:
    if not NAME.fullmatch(name):
        raise UsageError(f"organisation {name!r}: a name is of lower-case letters, digits and hyphens")
    folder = environment.get("BOT_ORGANISATIONS") or "organisations"
    prefix = f"{name.upper().replace('-', '_')}_{PREFIX}"
    values = _from_file(Path(folder) / f"{name}.yaml", prefix)
    values.setdefault("database", {"url": f"sqlite+aiosqlite:///data/{name}/bot.db"})
    return _validated(values, environment, prefix)


def _check_own(organisations: Mapping[str, Settings], key: str) -> None:
    section, _, name = key.partition(".")
    owners: dict[str, str] = {}
    for organisation, settings in organisations.items():
        value = getattr(getattr(settings, section), name)
        plain = value.get_secret_value() if isinstance(value, SecretStr) else value
        if plain is not None and plain in owners:
            raise UsageError(
                f"organisations {owners[plain]} and {organisation} share {key}; give each its own"
            )
        owners[plain] = organisation


def _validated(values: dict[str, Any], environment: Mapping[str, str], prefix: str) -> Settings:
    for key, value in _from_environment(environment, prefix):
        _put(values, key, value)
    try:
        return Settings.model_validate(values)
    except ValidationError as error:
        fault = error.errors(include_url=False, include_context=False, include_input=False)[0]
        key = ".".join(str(part) for part in fault["loc"])
        if fault["type"] == "extra_forbidden":
            raise UsageError(f"configuration: {key} is not a known key; see config.example.yaml") from None
        raise UsageError(f"configuration: {key}: {fault['msg'][:1].lower() + fault['msg'][1:]}") from None


def _from_file(path: Path, prefix: str) -> dict[str, Any]:
    document = yaml_lines.parse(read_text(path, "configuration file"))
    if document.faults:
        line, message = document.faults[0]
        raise UsageError(f"{path}:{line}: {message}")
    if document.data is None:
        return {}
    if not isinstance(document.data, dict):
        raise UsageError(f"{path}:1: expected keys such as `telegram:`; see config.example.yaml")
    values = {key: value for key, value in document.data.items() if value is not None}
    for secret in sorted(SECRETS):
        section, _, key = secret.partition(".")
        if isinstance(values.get(section), dict) and values[section].get(key) is not None:
            line = document.line((section, key))
            raise UsageError(
                f"{path}:{line}: {secret} is a secret: "
                f"set {_variable(secret, prefix)} in the environment instead"
            )
    return values


def _from_environment(environment: Mapping[str, str], prefix: str) -> list[tuple[str, str]]:
    found: list[tuple[str, str]] = []
    for variable in sorted(environment):
        if not variable.startswith(prefix) or variable in NOT_KEYS:
            continue
        key = variable.removeprefix(prefix).lower().replace("__", ".")
        if key.endswith("_file") and key.removesuffix("_file") in SECRETS:
            path = Path(environment[variable])
            found.append((key.removesuffix("_file"), read_text(path, f"the file {variable} names,").strip()))
        elif "." not in key:
            raise UsageError(f"environment: {variable} is not a known key; see config.example.yaml")
        elif environment[variable] != "":
            found.append((key, environment[variable]))
    return found


def _put(values: dict[str, Any], key: str, value: str) -> None:
    section, _, name = key.partition(".")
    place = values.setdefault(section, {})
    if isinstance(place, dict):
        place[name] = value


def _variable(key: str, prefix: str) -> str:
    return prefix + key.upper().replace(".", "__")
