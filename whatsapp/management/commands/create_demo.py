import json
import os
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from channels_app.models import Channel
from tenants.models import Membership, Tenant, User
from tenants.scope import auth_scope, operator_scope

SLUG, LOGIN = "demo", "admin"
PHONE_NUMBER_ID, WABA_ID = "106540352242922", "102290129340398"
REPLY = "Thank you for your message. We will answer it soon."


class Command(BaseCommand):
    help = (
        "Creates what a development copy starts with: a tenant with a WhatsApp channel and a reply, and a staff login. What is "
        "there already stays as it is. Takes DEMO_TOKEN and DJANGO_SUPERUSER_PASSWORD from the environment. Example: manage.py "
        "create_demo"
    )

    def handle(self, *args: Any, **options: Any) -> None:
        if settings.IS_HTTPS:
            raise CommandError("This is no development copy: PUBLIC_URL is https. Use create_tenant and connect_channel.")
        token, password = (os.environ.get(name, "") for name in ("DEMO_TOKEN", "DJANGO_SUPERUSER_PASSWORD"))
        if not token or not password:
            raise CommandError("DEMO_TOKEN and DJANGO_SUPERUSER_PASSWORD are needed in the environment.")
        with auth_scope():
            user = User.objects.filter(username=LOGIN).first()
            user = user or User.objects.create_superuser(LOGIN, f"{LOGIN}@example.com", password)
            is_password_known = user.check_password(password)
        with operator_scope():
            tenant = Tenant.objects.filter(slug=SLUG).first() or create(token, user)
        self.stdout.write(json.dumps({"tenant": tenant.slug, "user": LOGIN, "is_password_known": is_password_known}))


def create(token: str, user: User) -> Tenant:
    """The demo tenant with all that belongs to it, in the caller's transaction."""
    tenant = Tenant.objects.create(slug=SLUG, name="Demo Ltd.", auto_reply=REPLY)
    ids = {"external_id": PHONE_NUMBER_ID, "account_id": WABA_ID}
    Channel.objects.connect(tenant, kind="whatsapp", access_token=token, name="Demo number", **ids)
    Membership.objects.create(tenant=tenant, user=user, role=Membership.Role.OWNER)
    return tenant
