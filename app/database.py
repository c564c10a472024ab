"""The metadata that every slice's tables join, and how both processes connect."""

from sqlalchemy import MetaData
from sqlalchemy.engine import make_url
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine

from app.settings import Settings

LOCK_SECONDS = 5.0

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(column_0_label)s",
        "uq": "uq_%(table_name)s_%(column_0_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
        "pk": "pk_%(table_name)s",
    }
)


def create_engine(settings: Settings, *, application_name: str, statement_seconds: float = 0) -> AsyncEngine:
    """Return an engine whose pool never holds more than DB_POOL_MAX connections.

    statement_seconds: what a statement may take, and at most LOCK_SECONDS of that waiting for a lock; 0 for ever.

    Plans are made for the arrays at hand: a generic plan expects ten ids where a chunk has a thousand, and joins them
    in a nested loop.
    """
    return create_async_engine(
        make_url(settings.database_url).set(drivername="postgresql+asyncpg"),
        pool_size=settings.db_pool_max,
        max_overflow=0,
        pool_timeout=5,
        hide_parameters=True,  # errors are logged, and parameters are what people wrote
        connect_args={
            "timeout": 5,
            "server_settings": {
                "application_name": application_name,
                "plan_cache_mode": "force_custom_plan",
                "timezone": "UTC",
                "jit": "off",
                # A process that stands still in mid-transaction (SIGSTOP, say) must not hold up the others.
                "idle_in_transaction_session_timeout": "5s",
                "statement_timeout": f"{statement_seconds}s",
                "lock_timeout": f"{min(LOCK_SECONDS, statement_seconds)}s",
            },
        },
    )
