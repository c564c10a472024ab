"""The example of an environment names each setting, with what it is without one."""

import re
from collections.abc import Iterator, Mapping
from typing import NamedTuple

import pytest

from app.settings import SAMPLE_JWT_SECRET, database_url, load_settings, read_environment, redis_url
from tests.support.environments import SERVERS, refusal
from tests.support.servers import REPOSITORY

EXAMPLE = REPOSITORY / ".env.example"
COMPOSE_ITSELF = {"COMPOSE_PROFILES"}


class Asked(Mapping[str, str]):
    """An environment that notes which names are looked up in it."""

    def __init__(self, values: Mapping[str, str]) -> None:
        self._values = values
        self.names: set[str] = set()

    def __getitem__(self, name: str) -> str:
        self.names.add(name)
        return self._values[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._values)

    def __len__(self) -> int:
        return len(self._values)


class Entry(NamedTuple):
    comment: str
    is_on: bool
    name: str
    value: str


def example_entries() -> list[Entry]:
    found = re.findall(r"^# (.+)\n(#?)([A-Z_]+)=(.*)$", EXAMPLE.read_text(), flags=re.MULTILINE)
    return [Entry(comment, not off, name, value) for comment, off, name, value in found]


ENTRIES = example_entries()
ON = {entry.name: entry.value for entry in ENTRIES if entry.is_on}
OFF = {entry.name: entry.value for entry in ENTRIES if not entry.is_on}


def names_asked_for() -> set[str]:
    asked_for_parts = Asked({"DB_HOST": "db", "REDIS_PORT": "6379"})
    asked_for_urls = Asked(SERVERS)
    load_settings(asked_for_parts)
    load_settings(asked_for_urls)
    return asked_for_parts.names | asked_for_urls.names


def test_the_example_names_each_setting_that_is_read_and_no_other() -> None:
    by_compose = set(re.findall(r"\$\{([A-Z_]+)", (REPOSITORY / "compose.yaml").read_text()))
    assert {entry.name for entry in ENTRIES} == names_asked_for() | by_compose | COMPOSE_ITSELF
    assert len(ENTRIES) == len(ON) + len(OFF)


def test_each_line_of_the_example_belongs_to_an_explained_setting_or_is_prose() -> None:
    lines = [line for line in EXAMPLE.read_text().splitlines() if re.match(r"#?[A-Z_]+=", line)]
    assert lines == [f"{'' if entry.is_on else '#'}{entry.name}={entry.value}" for entry in ENTRIES]


def test_what_is_on_in_the_example_is_the_default() -> None:
    assert load_settings(SERVERS | ON) == load_settings(SERVERS)


def test_only_what_is_off_in_the_example_may_be_missing_from_what_is_on() -> None:
    assert set(ON) >= names_asked_for() - set(OFF)
    assert ON["JWT_SECRET"] == SAMPLE_JWT_SECRET


def test_the_parts_that_are_off_in_the_example_are_their_defaults() -> None:
    parts = {name: value for name, value in OFF.items() if name.startswith("DB_")}
    assert database_url(parts) == database_url({"DB_HOST": OFF["DB_HOST"]})
    assert redis_url({"REDIS_HOST": OFF["REDIS_HOST"], "REDIS_PORT": OFF["REDIS_PORT"]}) == redis_url(
        {"REDIS_PORT": OFF["REDIS_PORT"]}
    )
    assert redis_url({"REDIS_HOST": OFF["REDIS_HOST"]}) == redis_url({"REDIS_PORT": OFF["REDIS_PORT"]})


def test_a_whole_url_that_is_off_in_the_example_is_one_that_is_taken() -> None:
    urls = {name: OFF[name] for name in SERVERS}
    loaded = load_settings(urls)
    assert (loaded.database_url, loaded.redis_url) == (urls["DATABASE_URL"], urls["REDIS_URL"])


@pytest.mark.parametrize("entry", ENTRIES, ids=lambda entry: entry.name)
def test_each_comment_of_the_example_ends_with_the_default(entry: Entry) -> None:
    _, marker, default = entry.comment.partition("; default ")
    assert marker
    if entry.is_on and entry.name != "JWT_SECRET":
        assert re.split(r"[, ]", default)[0] == entry.value


@pytest.mark.parametrize(
    "name",
    [
        "CHUNK_SIZE",
        "DB_POOL_MAX",
        "DB_PORT",
        "JOB_LANES",
        "LANE_SLICE_SECONDS",
        "MAX_TARGETS",
        "METRICS_PORT",
        "PORT",
        "REDIS_PORT",
        "TOKEN_TTL_SECONDS",
        "WORKER_LANES",
    ],
)
def test_a_number_has_in_the_example_the_range_that_its_refusal_names(name: str) -> None:
    message = refusal({"DB_HOST": "db", "REDIS_HOST": "redis", name: "many"})
    match = re.search(r"from (\S+ to \S+)\.$", message)
    assert match
    [comment] = [entry.comment for entry in ENTRIES if entry.name == name]
    assert re.search(rf"\b{re.escape(match[1])}[;:]", comment), f"{name}: {match[1]} is not in: {comment}"


@pytest.mark.parametrize("name", ["APP_ENV", "LOG_LEVEL", "REGISTRATION"])
def test_a_choice_has_in_the_example_the_words_that_its_refusal_names(name: str) -> None:
    words = refusal(SERVERS | {name: "other"}).partition("one of ")[2].rstrip(".")
    [comment] = [entry.comment for entry in ENTRIES if entry.name == name]
    assert f": {words};" in comment


def test_the_example_can_be_copied_as_it_is() -> None:
    assert read_environment({}, EXAMPLE) == ON


@pytest.mark.parametrize("blank", ["", "  "])
def test_an_empty_value_counts_as_not_set(blank: str) -> None:
    passwords = {"DB_PASSWORD", "SEED_PASSWORD"}  # spaces could be theirs
    blanks = {entry.name: "" if entry.name in passwords else blank for entry in ENTRIES if entry.name not in SERVERS}
    assert load_settings(SERVERS | blanks) == load_settings(SERVERS)
