"""Several organisations in one deployment: a file each, variables of their own, nothing shared by mistake."""

from pathlib import Path

import pytest

from bot import settings
from bot.errors import UsageError


@pytest.fixture
def environment(tmp_path: Path) -> dict[str, str]:
    (tmp_path / "alfa.yaml").write_text("staff: {group_id: -100, promise_days: 3}\n")
    (tmp_path / "beta-sur.yaml").write_text("knowledge: {path: beta}\n")
    return {
        "BOT_ORGANISATIONS": str(tmp_path),
        "ALFA_BOT_TELEGRAM__TOKEN": "1:A",
        "BETA_SUR_BOT_TELEGRAM__TOKEN": "2:B",
    }


def test_each_has_its_file_and_its_variables(environment: dict[str, str]) -> None:
    found = settings.load_all(environment)
    assert list(found) == ["alfa", "beta-sur"]
    alfa, beta = found["alfa"], found["beta-sur"]
    assert alfa.telegram.token is not None
    assert alfa.telegram.token.get_secret_value() == "1:A"
    assert (alfa.staff.promise_days, beta.staff.promise_days) == (3, 2)
    assert str(beta.knowledge.path) == "beta"
    assert beta.database.url == "sqlite+aiosqlite:///data/beta-sur/bot.db"


def test_one_is_chosen_for_a_command(environment: dict[str, str]) -> None:
    environment["BOT_ORGANISATION"] = "alfa"
    assert settings.load(environment).staff.group_id == -100
    assert list(settings.load_all(environment)) == [""]


def test_without_a_folder_there_is_one_without_a_name() -> None:
    assert list(settings.load_all({"BOT_STAFF__PROMISE_DAYS": "4"})) == [""]


@pytest.mark.parametrize(
    ("variable", "value", "said"),
    [
        ("BETA_SUR_BOT_TELEGRAM__TOKEN", "1:A", "alfa and beta-sur share telegram.token"),
        ("BETA_SUR_BOT_STAFF__GROUP_ID", "-100", "alfa and beta-sur share staff.group_id"),
        ("BETA_SUR_BOT_DATABASE__URL", "sqlite+aiosqlite:///data/alfa/bot.db", "share database.url"),
        ("ALFA_BOT_STAFF__NONSENSE", "1", "staff.nonsense is not a known key"),
    ],
)
def test_what_does_not_fit_is_named(
    environment: dict[str, str], variable: str, value: str, said: str
) -> None:
    environment[variable] = value
    with pytest.raises(UsageError, match=said):
        settings.load_all(environment)


def test_a_missing_file_an_odd_name_and_an_empty_folder_are_named(
    environment: dict[str, str], tmp_path: Path
) -> None:
    with pytest.raises(Exception, match=r"gama\.yaml cannot be read"):
        settings.load(environment | {"BOT_ORGANISATION": "gama"})
    with pytest.raises(UsageError, match="lower-case letters, digits and hyphens"):
        settings.load(environment | {"BOT_ORGANISATION": "../gama"})
    (tmp_path / "none").mkdir()
    with pytest.raises(UsageError, match="holds no configuration"):
        settings.load_all({"BOT_ORGANISATIONS": str(tmp_path / "none")})


def test_a_secret_in_a_file_names_its_own_variable(environment: dict[str, str], tmp_path: Path) -> None:
    (tmp_path / "alfa.yaml").write_text("telegram: {token: x}\n")
    with pytest.raises(UsageError, match="set ALFA_BOT_TELEGRAM__TOKEN in the environment"):
        settings.load_all(environment)
