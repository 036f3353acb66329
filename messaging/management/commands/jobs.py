import asyncio
import json
import logging
import os
import signal
import threading
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager, suppress
from functools import partial
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import DatabaseError, InterfaceError, connection
from procrastinate import App, PsycopgConnector, exceptions
from procrastinate.contrib.django import app
from procrastinate.contrib.django.utils import connector_params
from procrastinate.periodic import PeriodicRegistry
from psycopg import AsyncConnection, Error
from psycopg_pool import AsyncConnectionPool

from channels_app.event_log.sequencer import give_positions
from messaging.deferred_replies.answerer import Answerer
from messaging.management.loops import Loop, running
from messaging.management.telling import tell
from messaging.monitoring.serving import serve_metrics
from messaging.outgoing_webhooks.delivery import Deliverer
from tenants.origins import origin_of
from tenants.scope import JOBS

logger = logging.getLogger(__name__)

GRACE_SECONDS = 7  # a task that takes longer is begun again by another process
STOP_SECONDS = 8
POLL_SECONDS = 5  # beside the database's word of each new task
POOLED_POLL_SECONDS = 1  # without its word: a transaction pooler does not hand it on
PAUSE_SECONDS = 2  # where the database does not answer
CONNECT_SECONDS = 4  # for a connection of the pool
POSITIONS_AT_ONCE = 1000  # of one transaction
TO_STOP = (signal.SIGINT, signal.SIGTERM)
DATABASE_ERRORS = (exceptions.ConnectorException, Error)


class Command(BaseCommand):
    help = (
        "Runs the background tasks (files, templates, read receipts), gives logged events their"
        " positions and delivers them to webhook endpoints, and asks reply strategies for answers"
        " that take their time, until it is told to stop. Any number may run. Example: manage.py"
        " jobs --concurrency 8"
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--once", action="store_true", help="do what waits, without what is scheduled, and end"
        )
        parser.add_argument("--concurrency", type=int, default=4, help="tasks at once (default 4)")

    def handle(self, *args: Any, once: bool, concurrency: int, **options: Any) -> None:
        if once:
            try:
                self.drain(concurrency)
                for loop in loops():
                    loop.drain()
            except (*DATABASE_ERRORS, DatabaseError, InterfaceError):
                raise CommandError(
                    "The database failed. What waits is still there: try again."
                ) from None
        else:
            serve_metrics()
            with running(loops()):
                asyncio.run(self.work_until_told(concurrency))
        tell(self.stdout, json.dumps({"jobs": "stopped"}))

    def drain(self, concurrency: int) -> None:
        with app.replace_connector(connector(concurrency)) as working, without_schedules(working):
            working.run_worker(
                wait=False,
                concurrency=concurrency,
                install_signal_handlers=False,
                listen_notify=False,
            )
        connection.close()

    async def work_until_told(self, concurrency: int) -> None:
        """Work until SIGTERM or Ctrl-C. A database that fails is tried again until it answers."""
        told = asyncio.Event()
        for number in TO_STOP:
            asyncio.get_running_loop().add_signal_handler(number, told.set)
        tell(self.stderr, "Background tasks are being worked on.")
        while not told.is_set():
            working = asyncio.create_task(work(concurrency))
            stopping = asyncio.create_task(told.wait())
            await asyncio.wait({working, stopping}, return_when=asyncio.FIRST_COMPLETED)
            if told.is_set():
                end_within(STOP_SECONDS)
            working.cancel()
            await outcome_of(working)
            with suppress(TimeoutError):
                await asyncio.wait_for(stopping, PAUSE_SECONDS)


def loops() -> tuple[Loop, ...]:
    deliverer, answerer = Deliverer(), Answerer()
    return (
        Loop("giving positions", partial(give_positions, POSITIONS_AT_ONCE)),
        Loop("delivering webhooks", deliverer.work, deliverer.stop),
        Loop("answering", answerer.work, answerer.stop),
    )


def end_within(seconds: float) -> None:
    """End the process after this time, whatever its threads still do or wait for. Another process
    begins their tasks again.
    """
    timer = threading.Timer(seconds, os._exit, [0])
    timer.daemon = True
    timer.start()


async def outcome_of(working: asyncio.Task[None]) -> None:
    """Wait for the work to end, and log why it did if nobody cancelled it."""
    try:
        await working
    except asyncio.CancelledError:
        pass
    except DATABASE_ERRORS as error:
        state = getattr(error.__cause__ or error, "sqlstate", None)
        logger.error("The database failed (%s); trying again.", state or type(error).__name__)
    except Exception as error:
        logger.error(
            "The background tasks failed (%s at %s); trying again.",
            type(error).__name__,
            origin_of(error),
        )
    else:
        logger.error("The background tasks ended by themselves; trying again.")


async def work(concurrency: int) -> None:
    """Work on tasks until cancelled, which lets those under way finish. Returns or raises when the
    database fails.
    """
    is_pooled = connection.settings_dict["TRANSACTION_POOLER"]
    working: App
    with app.replace_connector(connector(concurrency)) as working:
        async with working.open_async():
            await working.run_worker_async(
                concurrency=concurrency,
                fetch_job_polling_interval=POOLED_POLL_SECONDS if is_pooled else POLL_SECONDS,
                listen_notify=not is_pooled,
                shutdown_graceful_timeout=GRACE_SECONDS,
                install_signal_handlers=False,
            )


@contextmanager
def without_schedules(working: App) -> Iterator[None]:
    """What is scheduled is the business of a process that stays."""
    schedules, working.periodic_registry = working.periodic_registry, PeriodicRegistry()
    try:
        yield
    finally:
        working.periodic_registry = schedules


class QueueConnections(AsyncConnectionPool):
    """Connections on which each transaction is the role's that may work on tasks and nothing else.

    The role is set for the transaction alone, as everywhere: a pooler hands the session to others.
    """

    @asynccontextmanager
    async def connection(self, timeout: float | None = None) -> AsyncIterator[AsyncConnection]:
        async with super().connection(timeout) as connection:
            await connection.execute("SELECT set_config('role', %s, true)", [JOBS])
            yield connection


def connector(concurrency: int) -> PsycopgConnector:
    """Return the queue's connections. The tasks themselves open scopes on Django's own."""
    return PsycopgConnector(
        pool_factory=QueueConnections,
        kwargs=connector_params("default"),
        min_size=1,
        max_size=concurrency + 2,
        timeout=CONNECT_SECONDS,
    )
