import json
import os
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db.models import Case, QuerySet, When

from channels_app.models import Channel
from tenants.api_keys import keys
from tenants.models import OF_TENANTS, ApiKey, Membership, Tenant, User
from tenants.scope import auth_scope, operator_scope

GIVEN = ("DEMO_TOKEN", "DJANGO_SUPERUSER_PASSWORD")
SLUG, LOGIN = "demo", "admin"
PHONE_NUMBER_ID, WABA_ID = "106540352242922", "102290129340398"
REPLY = "Thank you for your message. We will answer it soon."


class Command(BaseCommand):
    help = (
        "Creates what a development copy starts with: a tenant with a WhatsApp channel and a reply,"
        " and a staff login. What is there already stays as it is. Takes DEMO_TOKEN,"
        " DJANGO_SUPERUSER_PASSWORD and, for a key of the API, DEMO_API_KEY from the environment."
        " Example: manage.py create_demo"
    )

    def handle(self, *args: Any, **options: Any) -> None:
        if settings.IS_HTTPS:
            raise CommandError(
                "This is no development copy: PUBLIC_URL is https. Use create_tenant and"
                " connect_channel."
            )
        token, password = (os.environ.get(name, "") for name in GIVEN)
        if not token or not password:
            raise CommandError(f"{' and '.join(GIVEN)} are needed in the environment.")
        with auth_scope():
            user = User.objects.filter(username=LOGIN).first()
            user = user or User.objects.create_superuser(LOGIN, f"{LOGIN}@example.com", password)
            is_password_known = user.check_password(password)
        with operator_scope():
            tenant = Tenant.objects.filter(slug=SLUG).first() or create(token, user)
            keep_key(tenant, os.environ.get("DEMO_API_KEY", ""))
            channel = connected_channels(tenant).first()
        made = {"tenant": tenant.slug, "channel": str(channel.id) if channel else None}
        known = {"user": LOGIN, "is_password_known": is_password_known}
        self.stdout.write(json.dumps({**made, **known}))


def keep_key(tenant: Tenant, key: str) -> None:
    """Give the tenant this key of the API, if it is one that nobody has yet."""
    is_known = ApiKey.objects.filter(hash=keys.hash_of(key)).exists()
    if keys.FORM.fullmatch(key) and not is_known:
        keys.keep(ApiKey(tenant=tenant, name="make run", scopes=OF_TENANTS), key)


def connected_channels(tenant: Tenant) -> QuerySet[Channel]:
    """The tenant's channels that messages come to, the demo's own number first."""
    own = Channel.objects.filter(tenant=tenant, kind="whatsapp", status__in=Channel.ROUTABLE)
    return own.order_by(Case(When(external_id=PHONE_NUMBER_ID, then=0), default=1), "id")


def create(token: str, user: User) -> Tenant:
    """The demo tenant with all that belongs to it, in the caller's transaction."""
    tenant = Tenant.objects.create(slug=SLUG, name="Demo Ltd.", auto_reply=REPLY)
    ids = {"external_id": PHONE_NUMBER_ID, "account_id": WABA_ID}
    Channel.objects.connect(tenant, kind="whatsapp", access_token=token, name="Demo number", **ids)
    Membership.objects.create(tenant=tenant, user=user, role=Membership.Role.OWNER)
    return tenant
