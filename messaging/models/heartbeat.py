"""Heartbeats of the worker processes, for /health/ready and for each other."""

import os
import socket
import time
from datetime import datetime, timedelta
from uuid import UUID

from django.db import models
from django.db.models.functions import Now
from uuid_utils.compat import uuid7

from messaging import sql
from messaging.models.turns import Turns
from tenants.isolation import PlatformRLS

NO_PROCESS = 0


class HeartbeatQuerySet(models.QuerySet["WorkerHeartbeat"]):
    def beat(self, worker_id: UUID) -> Turns:
        """Note that this worker is alive, and delete workers that were not for a day. Returns its
        turns among those that are alive, by the database's clock and time.monotonic().
        """
        host = socket.gethostname()[:200]
        (told,) = sql.run("monitoring/beat", id=worker_id, host=host, pid=os.getpid())
        ahead = told["clock"] - time.monotonic()
        return Turns.among(told["others"], before=told["before"], ahead=ahead)

    def end(self, worker_id: UUID) -> None:
        """Note that this worker has ended: the others have its turns from their next beat on. Its
        last sign of life stays, so that it is known since when no worker is there.
        """
        self.filter(id=worker_id).update(pid=NO_PROCESS)

    def is_any_alive(self, since: datetime, within: timedelta) -> bool:
        """Return whether a worker gave a sign of life after that moment and within that time, by
        the database's clock.
        """
        return self.filter(seen_at__gt=since).filter(seen_at__gt=Now() - within).exists()


class WorkerHeartbeat(models.Model):
    """`pid`: NO_PROCESS once the worker has ended as it was told to."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    host = models.CharField(max_length=200)
    pid = models.IntegerField()
    seen_at = models.DateTimeField()

    objects = HeartbeatQuerySet.as_manager()

    class Meta:
        db_table = "worker_heartbeats"
        constraints = [PlatformRLS(name="heartbeat_isolation")]

    def __str__(self) -> str:
        return f"{self.host} {self.pid}"
