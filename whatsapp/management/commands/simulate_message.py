import json
from typing import Any

import requests
from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from channels_app.models import Channel
from tenants.scope import operator_scope
from whatsapp.sample import text_message
from whatsapp.stand_in import signed


class Command(BaseCommand):
    help = (
        "Delivers a text to a tenant's WhatsApp channel as Meta would: signed, through the running web process. "
        'Example: manage.py simulate_message --tenant demo --from 16505551234 "Is it in stock?"'
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--tenant", required=True, metavar="SLUG")
        parser.add_argument("--from", required=True, dest="sender", metavar="ID", help="a wa_id (digits) or a BSUID (US.123)")
        parser.add_argument("text")

    def handle(self, *args: Any, tenant: str, sender: str, text: str, **options: Any) -> None:
        with operator_scope():
            channel = Channel.objects.filter(tenant__slug=tenant, kind="whatsapp", status__in=Channel.ROUTABLE).first()
        if channel is None:
            raise CommandError(f"The tenant {tenant!r} has no connected WhatsApp channel. Connect one with connect_channel.")
        body, wamid = text_message(phone_number_id=channel.external_id, waba_id=channel.account_id, sender=sender, text=text)
        address = f"{settings.PUBLIC_URL}/api/webhooks/whatsapp"
        try:
            answer = requests.post(address, data=body, headers=signed(body, settings.WHATSAPP_APP_SECRETS[0]), timeout=10)
        except requests.RequestException as error:
            raise CommandError(f"Nothing answers at {address} ({type(error).__name__}). Is the web process running?") from None
        if answer.status_code != 200:
            raise CommandError(f"The webhook answered {answer.status_code} instead of 200.")
        self.stdout.write(json.dumps({"status": answer.status_code, "external_id": wamid}))
