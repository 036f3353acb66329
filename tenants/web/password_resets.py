"""Forgotten passwords: a mail with a link for each account of an address. Whoever asks does not
learn whether there is any.
"""

from datetime import timedelta
from uuid import UUID

from django.conf import settings
from django.contrib.auth.tokens import default_token_generator
from django.db import connection
from django.urls import reverse
from django.utils import timezone
from django.utils.encoding import force_bytes
from django.utils.http import urlsafe_base64_encode

from tenants.mail import Mail, letter
from tenants.models import PasswordReset, User
from tenants.scope import auth_scope

AN_HOUR, A_DAY = timedelta(hours=1), timedelta(days=1)
TO_AN_ADDRESS, FROM_A_CLIENT = 3, 20  # within an hour
TEXT = """Hello,

somebody asked for a new password for {public}. To choose one, open this link within an hour:

{links}

If it was not you, you need not do anything: the password stays as it is.
"""


def ask(email: str, ip_address: str) -> None:
    """Ask for the mail. Does the same for every address, known or not: its accounts are looked up
    when the mail is written. Within auth_scope.
    """
    if is_enough(email, ip_address):
        return
    with connection.cursor() as cursor:
        for counted in (ip_address, email):  # who asks at the same moment is counted after this
            cursor.execute(
                "SELECT pg_advisory_xact_lock(hashtextextended('password reset ' || %s, 0))",
                [counted],
            )
    if is_enough(email, ip_address):
        return
    reset = PasswordReset.objects.create(email=email, ip_address=ip_address)
    with connection.cursor() as cursor:
        cursor.execute("SELECT defer_password_reset(%s)", [reset.id])


def is_enough(email: str, ip_address: str) -> bool:
    lately = PasswordReset.objects.filter(asked_at__gt=timezone.now() - AN_HOUR)
    to_it, from_there = lately.filter(email=email), lately.filter(ip_address=ip_address)
    return to_it.count() >= TO_AN_ADDRESS or from_there.count() >= FROM_A_CLIENT


def forget() -> None:
    """Delete requests that count no more. Within auth_scope."""
    PasswordReset.objects.filter(asked_at__lt=timezone.now() - A_DAY).delete()


def accounts_of(email: str) -> list[User]:
    """Return the accounts of this address that can sign in. Within auth_scope."""
    users = User.objects.filter(email__iexact=email, is_active=True).order_by("id")
    return [user for user in users if user.has_usable_password() and user.email.lower() == email]


@letter("password_reset")
def password_reset(reset_id: str) -> Mail | None:
    """Return one mail for all accounts of the address that can sign in; None for an address without
    any, or an hour later.
    """
    with auth_scope():
        recent = PasswordReset.objects.filter(asked_at__gt=timezone.now() - AN_HOUR)
        asked = recent.filter(id=UUID(reset_id)).first()
        able = accounts_of(asked.email) if asked else []
    if not able:
        return None
    links = "\n\n".join(f"{user.username}:\n{link_for(user)}" for user in able)
    return Mail(
        (able[0].email,), "A new password", TEXT.format(public=settings.PUBLIC_URL, links=links)
    )


def link_for(user: User) -> str:
    names = [urlsafe_base64_encode(force_bytes(user.pk)), default_token_generator.make_token(user)]
    return settings.PUBLIC_URL + reverse("staff_password_choose", args=names)
