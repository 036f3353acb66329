"""Look every minute whether something needs a hand."""

from procrastinate.contrib.django import app

from messaging.monitoring import alerts


@app.periodic(cron="* * * * *")
@app.task(name="messaging.tasks.watch", queue="upkeep", queueing_lock="watch")
def watch(timestamp: int) -> None:
    """Problems are noted and told by mail."""
    alerts.watch()
