"""The types of job there are: a new one is a module beside this, and its two names here."""

from typing import Final

from app.jobs.operations.bulk_delete import OPERATION as BULK_DELETE
from app.jobs.operations.bulk_delete import BulkDelete
from app.jobs.operations.operation import Operation

AnyJobRequest = BulkDelete
OPERATIONS: Final[dict[str, Operation]] = {operation.type: operation for operation in (BULK_DELETE,)}
