"""Our app, as Meta has it."""

from collections.abc import Iterable

from django.conf import settings

from channels_app.providers import SendError
from whatsapp import business
from whatsapp.checklist.addresses import webhook
from whatsapp.checklist.not_ready import NotReady
from whatsapp.checklist.platform import has_shared_numbers
from whatsapp.graph.versions import end_of, has_ended, warning_of
from whatsapp.webhooks.fields import FIELDS, OF_SHARED_NUMBERS, OPTIONAL

NAMES = ("META_APP_ID", "META_APP_SECRET", "META_CONFIG_ID")
DASHBOARD = "App Dashboard > WhatsApp > Configuration"
SUBSCRIBE = f"Subscribe to them under {DASHBOARD} > Webhook fields."
NOT_ACCEPTED = (
    "Meta does not accept META_APP_ID with META_APP_SECRET: copy both from App settings > Basic."
)


def is_set_up() -> str:
    missing = [name for name in NAMES if not getattr(settings, name)]
    if missing:
        raise NotReady(
            f"{', '.join(missing)}: not set. No business can be connected; WHATSAPP_OAUTH_SETUP.md"
            " says what they are."
        )
    return ""


def answers_our_version() -> str:
    version = settings.META_GRAPH_VERSION
    said = warning_of(version)
    if has_ended(version):
        raise NotReady(said)
    return said or f"{version}, until {end_of(version) or 'a day that is not known yet'}"


def signs_with_our_secret() -> str:
    if settings.META_APP_SECRET not in settings.WHATSAPP_APP_SECRETS:
        raise NotReady(
            "It is not META_APP_SECRET: the app signs its webhooks with that one, and they would be"
            " refused."
        )
    return ""


def is_accepted() -> str:
    try:
        found = business.is_app_accepted()
    except SendError as refusal:
        if refusal.then != "failed" or refusal.http_status is None:
            raise
        raise NotReady(f"{NOT_ACCEPTED} {refusal}") from None
    if not found:
        raise NotReady(NOT_ACCEPTED)
    return f"app {settings.META_APP_ID}"


def delivers_to_us() -> str:
    found = business.app_subscription()
    if found is None:
        raise NotReady(f"The app has no webhook yet. Enter {webhook()} under {DASHBOARD}.")
    if found.callback.rstrip("/") != webhook():
        raise NotReady(
            f"The app's webhooks go to another address. Enter {webhook()} under {DASHBOARD}."
        )
    if not found.is_active:
        raise NotReady(
            f"The app's webhook is switched off: verify and save it anew under {DASHBOARD}."
        )
    return found.callback


def delivers_every_field() -> str:
    missing = missing_of(FIELDS)
    if missing:
        raise NotReady(f"Not subscribed: {', '.join(missing)}. {SUBSCRIBE}")
    return f"all {len(FIELDS)}"


def delivers_optional_fields() -> str:
    """Without those of shared numbers, conversations would vanish where others answer, too."""
    missing = missing_of(OPTIONAL)
    needed = [name for name in missing if name in OF_SHARED_NUMBERS]
    if needed and has_shared_numbers():
        raise NotReady(
            f"Others answer on a number of ours, and we are not subscribed to {', '.join(needed)}:"
            f" we miss {' and '.join(OPTIONAL[name] for name in needed)}. {SUBSCRIBE}"
        )
    return f"not subscribed: {', '.join(missing)}" if missing else f"all {len(OPTIONAL)}"


def missing_of(wanted: Iterable[str]) -> list[str]:
    found = business.app_subscription()
    return [name for name in wanted if found is None or name not in found.fields]
