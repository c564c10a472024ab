import asyncio

from app import tasks


async def test_a_task_that_swallowed_its_cancellation_is_ended_all_the_same() -> None:
    swallowed = asyncio.Event()

    async def deaf_once() -> None:
        try:
            await asyncio.get_running_loop().create_future()
        except asyncio.CancelledError:
            swallowed.set()
        await asyncio.get_running_loop().create_future()

    task = asyncio.create_task(deaf_once())
    await asyncio.sleep(0)
    async with asyncio.timeout(10):
        await tasks.end([task])
    assert swallowed.is_set()
    assert task.cancelled()


async def test_tasks_that_have_ended_are_left_alone() -> None:
    async def fail() -> None:
        raise ValueError

    task = asyncio.create_task(fail())
    await asyncio.wait({task})
    await tasks.end([task])
    assert isinstance(task.exception(), ValueError)
    await tasks.end([])
