import typing

import pytest

from app.jobs.models import job_items, jobs
from app.jobs.operations.operation import _GENERAL, ERROR, NOT_FOUND, JobRequest, Operation
from app.jobs.operations.registry import OPERATIONS, AnyJobRequest

EACH = pytest.mark.parametrize("operation", OPERATIONS.values(), ids=list(OPERATIONS))


def requests() -> dict[str, type[JobRequest]]:
    """What may be posted, by its tag."""
    members: tuple[type[JobRequest], ...] = typing.get_args(AnyJobRequest)
    return {str(member.__struct_config__.tag): member for member in members}


def length_of(column: typing.Any) -> int:
    length: int = column.type.length
    return length


def test_each_type_that_can_be_posted_has_its_operation_and_the_other_way_round() -> None:
    assert requests() == {name: each.request for name, each in OPERATIONS.items() if each.request}
    assert set(OPERATIONS) - set(requests()) == {"bulk-undo", "bulk-uncomment"}
    assert {each.undo for each in OPERATIONS.values()} <= {*OPERATIONS, None}


def test_an_operation_is_registered_under_its_own_type() -> None:
    assert {name: operation.type for name, operation in OPERATIONS.items()} == {name: name for name in OPERATIONS}


@pytest.mark.parametrize("request_type", requests().values(), ids=list(requests()))
def test_a_request_knows_its_type_and_takes_no_unknown_field(request_type: type[JobRequest]) -> None:
    assert request_type.__struct_config__.tag_field == "type"
    assert request_type.__struct_config__.forbid_unknown_fields
    assert "payload" in request_type.__struct_fields__


@EACH
def test_the_type_fits_its_column(operation: Operation) -> None:
    assert 1 <= len(operation.type) <= length_of(jobs.c.type)


@EACH
def test_each_code_says_whether_it_is_a_success_and_what_happened(operation: Operation) -> None:
    for name in [*operation.codes, NOT_FOUND, ERROR]:
        code = operation.code(name)
        assert code.result in {"succeeded", "failed"}
        assert code.message[0].isupper()
        assert code.message.endswith(".")


@EACH
def test_each_code_fits_its_column(operation: Operation) -> None:
    assert length_of(job_items.c.code) == 32
    for name in [*operation.codes, *_GENERAL]:
        assert 1 <= len(name) <= 32


@EACH
def test_an_operation_can_succeed_and_what_everyone_shares_is_a_failure(operation: Operation) -> None:
    assert operation.succeeding_codes
    for name in operation.codes:
        assert (name in operation.succeeding_codes) is (operation.code(name).result == "succeeded")
    for name in (NOT_FOUND, ERROR):
        assert operation.code(name).result == "failed"
        assert name not in operation.codes


@EACH
def test_the_sql_gives_each_of_the_codes(operation: Operation) -> None:
    fulfilling = operation.fulfilling.outcome if operation.fulfilling else ""
    for name in operation.codes:
        assert f"'{name}'" in operation.verdict + fulfilling


def test_a_bulk_delete_has_the_codes_that_clients_know() -> None:
    operation = OPERATIONS["bulk-delete"]
    results = {name: operation.code(name).result for name in ("deleted", "already_deleted", "not_found", "error")}
    assert results == {"deleted": "succeeded", "already_deleted": "failed", "not_found": "failed", "error": "failed"}


def test_a_code_that_no_one_gives_is_none() -> None:
    with pytest.raises(KeyError):
        OPERATIONS["bulk-delete"].code("vanished")


def test_only_jobs_that_fulfill_have_to_do_with_stock_and_those_are_not_undone() -> None:
    operation = OPERATIONS["bulk-update"]
    for params in ({}, {"status": "closed"}, {"priority": "high"}):
        assert operation.doing(params) is operation
    fulfilling = operation.doing({"status": "fulfilled"})
    assert ("inventory" in operation.taking, "inventory" in fulfilling.taking) == (False, True)
    assert (operation.is_undoable, fulfilling.is_undoable) == (True, False)
    assert fulfilling.all_codes == operation.all_codes
