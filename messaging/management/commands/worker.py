import json
import signal
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import DatabaseError, InterfaceError

from messaging.management.telling import tell
from messaging.monitoring.serving import serve_metrics
from messaging.worker import Worker
from tenants.origins import fault_of


class Command(BaseCommand):
    help = (
        "Runs the pipeline until it is told to stop (SIGTERM, Ctrl-C). Any number of workers may"
        " run. Example: manage.py worker"
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--once", action="store_true", help="take through what is waiting, and end"
        )
        parser.add_argument(
            "--senders", type=int, default=64, help="messages under way at once (default 64)"
        )

    def handle(self, *args: Any, once: bool, senders: int, **options: Any) -> None:
        worker = Worker(senders)
        if once:
            try:
                worker.drain()
            except (DatabaseError, InterfaceError) as error:
                raise CommandError(
                    f"The database failed ({fault_of(error)}). What waits is still there: try"
                    " again."
                ) from None
        else:
            told_to_stop = {signal.SIGTERM, signal.SIGINT}
            # the threads inherit it: only this one is told
            signal.pthread_sigmask(signal.SIG_BLOCK, told_to_stop)
            serve_metrics()
            worker.start()
            tell(self.stderr, "The worker is running.")
            signal.sigwait(told_to_stop)
            worker.stop()
        tell(self.stdout, json.dumps({"worker": str(worker.id), "stopped": True}))
