"""What types of job there are, for those who want to post one."""

import inspect
from functools import cache

import msgspec
from litestar import Controller, get

from app.http.openapi import protected
from app.jobs.operations.registry import OPERATIONS
from app.jobs.schemas import JobTypeResponse, JobTypes


class JobTypeController(Controller):
    path = "/api/job-types"
    tags = ("jobs",)

    @get(responses=protected())
    async def list_job_types(self) -> JobTypes:
        """List the types of job that can be posted, each with its JSON Schema."""
        return _job_types()


@cache
def _job_types() -> JobTypes:
    return JobTypes(
        [
            JobTypeResponse.of(each, inspect.getdoc(each.request) or "", msgspec.json.schema(each.request))
            for each in OPERATIONS.values()
            if each.request
        ]
    )
