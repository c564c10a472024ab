"""The job types there are: a new one is a module of its own, and a line here."""

import operator
from functools import reduce
from typing import TYPE_CHECKING, Final

from app.jobs.operations import (
    bulk_comment,
    bulk_deadlines,
    bulk_delete,
    bulk_import,
    bulk_purge,
    bulk_restore,
    bulk_uncomment,
    bulk_undo,
    bulk_update,
)
from app.jobs.operations.operation import JobRequest, Operation

OPERATIONS: Final[dict[str, Operation]] = {
    module.OPERATION.type: module.OPERATION
    for module in (
        bulk_delete,
        bulk_restore,
        bulk_update,
        bulk_purge,
        bulk_deadlines,
        bulk_comment,
        bulk_import,
        bulk_undo,
        bulk_uncomment,
    )
}

if TYPE_CHECKING:
    AnyJobRequest = JobRequest
else:
    AnyJobRequest = reduce(operator.or_, (each.request for each in OPERATIONS.values() if each.request))
