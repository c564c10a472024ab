from arq.connections import ArqRedis

from app.jobs import events


async def is_subscribed_to(redis: ArqRedis, channel: str = events.CHANNEL) -> bool:
    """Whether some process listens for what is announced there, by default for what workers announce."""
    [(_, subscribers)] = await redis.pubsub_numsub(channel)
    return bool(subscribers)
