"""The task that watches for problems, every minute."""

from procrastinate.contrib.django import app

from messaging.monitoring import alerts


@app.periodic(cron="* * * * *")
@app.task(name="messaging.tasks.watch", queue="upkeep", queueing_lock="watch")
def watch(timestamp: int) -> None:
    """Note problems, and mail them."""
    alerts.watch()
