import json
import signal
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db.models import F

from channels_app.models import Channel
from tenants.scope import operator_scope
from whatsapp.stand_in import StandIn
from whatsapp.stand_in.business import REGISTERED

TO_STOP = {signal.SIGTERM, signal.SIGINT}
SHOP, SHOPS_NUMBER = "102290129340399", "106540352242923"


def account_of(phone_number_id: str) -> str:
    """Meta would know it; the stand-in asks the channel."""
    return getattr(newest_channel(phone_number_id), "account_id", "")


def newest_channel(phone_number_id: str) -> Channel | None:
    with operator_scope():
        channels = Channel.objects.filter(kind="whatsapp", external_id=phone_number_id)
        return channels.order_by(F("connected_at").desc(nulls_last=True)).first()


class Command(BaseCommand):
    help = (
        "Runs a local Graph API that accepts messages, fails by script and reports statuses to"
        " PUBLIC_URL. Example: manage.py graph_stand_in --port 8001, and"
        " META_GRAPH_URL=http://127.0.0.1:8001 for web and worker"
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--port", type=int, default=8001)

    def handle(self, *args: Any, port: int, **options: Any) -> None:
        try:
            stand_in = StandIn(
                app_secret=settings.WHATSAPP_APP_SECRETS[0],
                account_of=account_of,
                callback=f"{settings.PUBLIC_URL}/api/webhooks/whatsapp",
                port=port,
                client_id=settings.META_APP_ID,
                client_secret=settings.META_APP_SECRET,
            )
        except OSError:
            raise CommandError(f"Port {port} is taken. Choose another with --port.") from None
        shop = stand_in.business.open_account(SHOP, {"id": SHOPS_NUMBER}, name="Stand-in's shop")
        if (channel := newest_channel(SHOPS_NUMBER)) and channel.status in Channel.ROUTABLE:
            shop.callback = ""
            shop.numbers[SHOPS_NUMBER].update(REGISTERED)
        signal.pthread_sigmask(signal.SIG_BLOCK, TO_STOP)
        stand_in.start()
        self.stderr.write(f"A stand-in for the Graph API answers at {stand_in.url}")
        signal.sigwait(TO_STOP)
        stand_in.stop()
        self.stdout.write(json.dumps({"messages": len(stand_in.ledger)}))
