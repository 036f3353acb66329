"""The background tasks of this app, and the letters that they send, where Procrastinate looks for
them.

A task keeps the name that it had when its module was another one: jobs that wait in the queue are
found by it.
"""

from procrastinate.contrib.django import app

from tenants.mail.tasks import send_mail
from tenants.members import invitation_mail
from tenants.scope import auth_scope
from tenants.web import lockout, password_resets

__all__ = ["forget_failures", "send_mail"]

# what a process that sends mails must know
LETTERS = (invitation_mail.invitation, password_resets.password_reset)


@app.periodic(cron="*/15 * * * *")
@app.task(name="tenants.tasks.forget_failures", queue="upkeep", queueing_lock="forget_failures")
def forget_failures(timestamp: int) -> None:
    with auth_scope():
        lockout.forget()
        password_resets.forget()
