"""What a scenario works with leaves nothing behind that another test would be blamed for."""

import asyncio
import gc

from tests.chaos import scene
from tests.chaos.play import PASSWORD_HASH, a_local_dir
from tests.support.waiting import until

SLOW = "select pg_sleep(0.3)"
IS_ASKED = "select count(*) from pg_stat_activity where query = :slow and state = 'active'"


async def test_whoever_asks_while_a_scene_finds_another_server_leaves_no_connection_behind() -> None:
    with a_local_dir() as local_dir:
        async with scene.opened(local_dir, PASSWORD_HASH) as stage:
            asking = asyncio.create_task(stage.jobs.rows(SLOW))

            async def is_asked() -> bool:
                [[count]] = await stage.jobs.rows(IS_ASKED, slow=SLOW)
                return bool(count)

            await until(is_asked)
            await stage.reach(database_url=stage.servers.database_url)
            await asking
        gc.collect()  # which warns of each that is left, and no test may
