"""Each request, each answer and each error is shown by an example that is what its schema says."""

import json
from collections.abc import Iterator
from typing import Any, NamedTuple

import httpx
import pytest
from jsonschema import Draft202012Validator

from app.http.examples import BODIES
from app.http.problems import PROBLEM_JSON
from app.jobs import exports
from tests.support.document import document

Json = dict[str, Any]
FORMATS = Draft202012Validator.FORMAT_CHECKER


class Shown(NamedTuple):
    where: str
    media_type: str
    content: Json

    @property
    def examples(self) -> dict[str, Any]:
        return {
            name: document()["components"]["examples"][reference["$ref"].rpartition("/")[2]]
            for name, reference in self.content.get("examples", {}).items()
        }


def bodies_and_answers() -> Iterator[Shown]:
    for path, item in document()["paths"].items():
        for method, operation in item.items():
            contents = [("body", operation.get("requestBody", {}))]
            contents += operation["responses"].items()
            for name, told in contents:
                for media_type, content in told.get("content", {}).items():
                    yield Shown(f"{method.upper()} {path}: {name}", media_type, content)


@pytest.fixture(scope="module")
def shown() -> list[Shown]:
    return list(bodies_and_answers())


def test_none_lacks_an_example(shown: list[Shown]) -> None:
    assert len(shown) > 800
    assert [one.where for one in shown if not one.examples] == []


def test_a_body_that_may_be_several_things_has_an_example_of_each(shown: list[Shown]) -> None:
    several = [one for one in shown if "oneOf" in one.content["schema"]]
    assert several
    for one in several:
        assert [schema["$ref"].rpartition("/")[2] for schema in one.content["schema"]["oneOf"]] == list(one.examples)


def test_each_example_is_what_its_schema_says(shown: list[Shown]) -> None:
    seen = set()
    for one in shown:
        schema = one.content["schema"] | {"components": document()["components"]}
        for name, example in one.examples.items():
            if (name, said := json.dumps(one.content["schema"])) not in seen:
                seen.add((name, said))
                Draft202012Validator(schema, format_checker=FORMATS).validate(example["value"])


def test_a_problem_has_an_example_of_each_of_its_codes_and_they_have_its_status(shown: list[Shown]) -> None:
    responses = {
        f"{method.upper()} {path}: {status}": response["description"]
        for path, item in document()["paths"].items()
        for method, operation in item.items()
        for status, response in operation["responses"].items()
    }
    for one in shown:
        if one.media_type == PROBLEM_JSON:
            problems = [example["value"] for example in one.examples.values()]
            assert {str(problem["status"]) for problem in problems} == {one.where[-3:]}
            assert all(f"`{problem['code']}`: " in responses[one.where] for problem in problems)
            assert len(problems) == responses[one.where].count("`: ")


def test_no_example_is_of_nothing(shown: list[Shown]) -> None:
    used = {name for one in shown for name in one.examples}
    assert used == document()["components"]["examples"].keys()
    assert BODIES.keys() <= used


async def test_an_error_is_answered_as_its_example_has_it(
    stranger: httpx.AsyncClient, requester: httpx.AsyncClient
) -> None:
    examples = document()["components"]["examples"]
    answers = {"Unauthorized": await stranger.get("/api/me"), "Forbidden": await requester.get("/api/audit")}
    for name, answer in answers.items():
        problem = answer.json()
        assert problem == examples[name]["value"] | {"requestId": problem["requestId"]}
        assert len(problem["requestId"]) == len(examples[name]["value"]["requestId"])


def test_the_example_of_an_export_has_the_columns_of_one() -> None:
    csv, ndjson = (document()["components"]["examples"][f"answer.{kind}"]["value"] for kind in ("csv", "x-ndjson"))
    assert csv.splitlines()[0] == ",".join(exports.COLUMNS)
    assert tuple(json.loads(ndjson)) == exports.COLUMNS
