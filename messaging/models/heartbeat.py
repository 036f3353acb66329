"""Heartbeats of the worker processes, for /health/ready."""

import os
import socket
from datetime import datetime, timedelta
from uuid import UUID

from django.db import models
from django.db.models.functions import Now
from uuid_utils.compat import uuid7

from messaging import sql
from tenants.isolation import PlatformRLS


class HeartbeatQuerySet(models.QuerySet["WorkerHeartbeat"]):
    def beat(self, worker_id: UUID) -> int:
        """Note that this worker is alive, and delete workers that were not for a day. Returns how
        many others are alive.
        """
        host = socket.gethostname()[:200]
        (told,) = sql.run("monitoring/beat", id=worker_id, host=host, pid=os.getpid())
        return told["others"]

    def is_any_alive(self, since: datetime, within: timedelta) -> bool:
        """Return whether a worker gave a sign of life after that moment and within that time, by
        the database's clock.
        """
        return self.filter(seen_at__gt=since).filter(seen_at__gt=Now() - within).exists()


class WorkerHeartbeat(models.Model):
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
