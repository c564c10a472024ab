from arq.connections import ArqRedis

from app.jobs import events


async def is_subscribed_to(redis: ArqRedis) -> bool:
    """Whether some feed listens for what workers announce."""
    [(_, subscribers)] = await redis.pubsub_numsub(events.CHANNEL)
    return bool(subscribers)
