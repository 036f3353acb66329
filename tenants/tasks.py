"""What is done beside everything else, as Procrastinate's tasks."""

from procrastinate.contrib.django import app

from tenants import lockout
from tenants.scope import auth_scope


@app.periodic(cron="*/15 * * * *")
@app.task(queue="upkeep", queueing_lock="forget_failures")
def forget_failures(timestamp: int) -> None:
    with auth_scope():
        lockout.forget()
