from collections.abc import AsyncGenerator, Awaitable, Callable, Generator, Iterable, Iterator
from contextlib import ExitStack
from functools import partial
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Self, TypeVar

from anyio.from_thread import BlockingPortal, start_blocking_portal

from .async_client import PATIENCE_SECONDS, AsyncClient, Id
from .files import Format
from .models import Item, Job, JobRequest, Preview, Result, Status, Submitted, Summary, Update, User

if TYPE_CHECKING:
    from pandas import DataFrame

T = TypeVar("T")


class Client:
    """An `AsyncClient` for programs without an event loop: it runs in one of its own, in a thread, within `with`."""

    def __init__(
        self,
        url: str,
        *,
        token: str | Callable[[], str] | None = None,
        username: str | None = None,
        password: str | None = None,
        patience_seconds: float = PATIENCE_SECONDS,
    ) -> None:
        self._client = AsyncClient(
            url, token=token, username=username, password=password, patience_seconds=patience_seconds
        )
        self._stack = ExitStack()

    def __enter__(self) -> Self:
        with ExitStack() as stack:
            self._portal: BlockingPortal = stack.enter_context(start_blocking_portal())
            stack.enter_context(self._portal.wrap_async_context_manager(self._client))
            self._stack = stack.pop_all()
        return self

    def __exit__(
        self, type_: type[BaseException] | None, raised: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self._stack.__exit__(type_, raised, traceback)

    def me(self, *, patience_seconds: float | None = None) -> User:
        return self._wait(partial(self._client.me, patience_seconds=patience_seconds))

    def submit(self, request: JobRequest, *, key: str | None = None) -> Submitted:
        return self._wait(partial(self._client.submit, request, key=key))

    def submit_parts(
        self, request: JobRequest, ticket_ids: Iterable[Id], *, key: str | None = None
    ) -> Iterator[Submitted]:
        return self._each(self._client.submit_parts(request, ticket_ids, key=key))

    def preview(self, request: JobRequest) -> Preview:
        return self._wait(partial(self._client.preview, request))

    def preview_parts(self, request: JobRequest, ticket_ids: Iterable[Id]) -> Iterator[Preview]:
        return self._each(self._client.preview_parts(request, ticket_ids))

    def jobs(self, *, status: Iterable[Status] = (), type: str | None = None) -> Iterator[Job]:  # noqa: A002
        return self._each(self._client.jobs(status=status, type=type))

    def job(self, job_id: Id) -> Job:
        return self._wait(partial(self._client.job, job_id))

    def summary(self, job_id: Id) -> Summary:
        return self._wait(partial(self._client.summary, job_id))

    def items(self, job_id: Id, *, result: Result | None = None, code: str | None = None) -> Iterator[Item]:
        return self._each(self._client.items(job_id, result=result, code=code))

    def export(
        self,
        job_id: Id,
        path: Path | str,
        *,
        format: Format | None = None,  # noqa: A002 - as the API calls it
        result: Result | None = None,
        code: str | None = None,
    ) -> Path:
        return self._wait(partial(self._client.export, job_id, path, format=format, result=result, code=code))

    def dataframe(self, job_id: Id, *, result: Result | None = None, code: str | None = None) -> "DataFrame":
        return self._wait(partial(self._client.dataframe, job_id, result=result, code=code))

    def watch(self, *job_ids: Id) -> Iterator[Update]:
        return self._each(self._client.watch(*job_ids))

    def wait(self, job_id: Id) -> Job:
        return self._wait(partial(self._client.wait, job_id))

    def pause(self, job_id: Id) -> Job:
        return self._wait(partial(self._client.pause, job_id))

    def resume(self, job_id: Id) -> Job:
        return self._wait(partial(self._client.resume, job_id))

    def cancel(self, job_id: Id) -> Job:
        return self._wait(partial(self._client.cancel, job_id))

    def retry(self, job_id: Id) -> Job:
        return self._wait(partial(self._client.retry, job_id))

    def undo(self, job_id: Id) -> Job:
        return self._wait(partial(self._client.undo, job_id))

    def _wait(self, ask: Callable[[], Awaitable[T]]) -> T:
        return self._portal.call(ask)

    def _each(self, found: AsyncGenerator[T, None]) -> Generator[T, None, None]:
        """Yield one by one; who stops before the end closes what is open behind it."""
        try:
            while (each := self._wait(partial(anext, found, None))) is not None:
                yield each
        except GeneratorExit:
            self._wait(found.aclose)
            raise
