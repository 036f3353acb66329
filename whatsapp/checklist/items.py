"""All that must be so before businesses are connected, as a table of items;
WHATSAPP_READY_CHECKLIST.md says each at length.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from django.db import DatabaseError, InterfaceError

from channels_app.providers import SendError
from whatsapp.checklist import addresses, meta_app, platform
from whatsapp.checklist.not_ready import DoesNotApply, NotReady

OK, FAIL, BY_HAND, NOT_APPLICABLE = "ok", "FAIL", "by hand", "n/a"
NOT_CHECKED = "It could not be checked ({}): a fault of ours, or of what it runs on."
NO_DATABASE = (
    "The database did not answer, or did not let us look ({}): run manage.py check and manage.py"
    " prepare_database."
)
DASHBOARD = "App Dashboard"


@dataclass(frozen=True)
class ByMachine:
    """`check`: what it found, in a few words; raises NotReady, DoesNotApply, or SendError with
    Meta's refusal.
    """

    what: str
    check: Callable[[], str]


@dataclass(frozen=True)
class ByHand:
    """`needs_meta`: there is nothing to look at on a development copy, where Meta is the
    stand-in.
    """

    what: str
    where: str
    needs_meta: bool = True


@dataclass(frozen=True)
class Found:
    mark: str
    what: str
    said: str

    def __str__(self) -> str:
        said = " ".join(self.said.split())
        return f"{self.mark:<8} {self.what}{f': {said}' if said else ''}"


ITEMS: tuple[ByMachine | ByHand, ...] = (
    ByMachine("META_APP_ID, META_APP_SECRET and META_CONFIG_ID are set", meta_app.is_set_up),
    ByMachine("META_GRAPH_VERSION is one that Meta answers", meta_app.answers_our_version),
    ByMachine("PUBLIC_URL is https", addresses.is_https),
    ByMachine("META_REDIRECT_URI is ours", addresses.leads_back),
    ByMachine("WHATSAPP_APP_SECRET is the app's", meta_app.signs_with_our_secret),
    ByMachine("manage.py check finds nothing", platform.passes_its_checks),
    ByMachine("The migrations are applied", platform.is_migrated),
    ByMachine("Every secret is sealed under the first of ENCRYPTION_KEYS", platform.is_sealed_anew),
    ByMachine("Files are kept", platform.keeps_files),
    ByMachine("The webhook address answers Meta's challenge", addresses.answers_the_challenge),
    ByMachine("It refuses a wrong verify token", addresses.refuses_a_wrong_token),
    ByMachine("It refuses a webhook without a signature", addresses.refuses_what_is_not_signed),
    ByMachine("A worker is alive", addresses.has_a_worker),
    ByMachine("A jobs process is alive", platform.has_a_jobs_process),
    ByMachine("/health/ready has nothing else to say", addresses.is_ready),
    ByMachine("Meta accepts the app's id and secret", meta_app.is_accepted),
    ByMachine("The app's webhooks come to us", meta_app.delivers_to_us),
    ByMachine("The app is subscribed to every field", meta_app.delivers_every_field),
    ByMachine("So it is to those of shared numbers and calls", meta_app.delivers_optional_fields),
    ByMachine("Numbers are live, and none needs repair", platform.has_numbers),
    ByHand("The business behind the app is verified", "Business settings > Security Center"),
    ByHand(
        "The app has Advanced access to both WhatsApp permissions",
        f"{DASHBOARD} > App Review > Permissions and features",
    ),
    ByHand(
        "The app is a Tech Provider's", f"{DASHBOARD} > WhatsApp > Quickstart, or Solution Partner"
    ),
    ByHand("The app is Live", f"{DASHBOARD}, App mode at its top, or Publish"),
    ByHand("Require app secret is on", f"{DASHBOARD} > App settings > Advanced > Security"),
    ByHand(
        "PUBLIC_URL's domain is allowed, META_REDIRECT_URI is valid",
        f"{DASHBOARD} > Facebook Login for Business > Settings",
    ),
    ByHand(
        "The configuration is one of Embedded Signup",
        f"{DASHBOARD} > Facebook Login for Business > Configurations",
    ),
    ByHand(
        "Deauthorize and data deletion lead to us",
        f"{DASHBOARD} > Facebook Login for Business > Settings",
    ),
    ByHand(
        "Each business has a payment method",
        "WhatsApp Manager > Overview > Payment settings, by the business itself",
    ),
    ByHand(
        "manage.py check --deploy --fail-level WARNING finds nothing",
        "in the environment of the web process",
    ),
    ByHand(
        "A message from a phone is stored and answered", "manage.py trace, /admin/ > Conversations"
    ),
    ByHand(
        "Database, files and ENCRYPTION_KEYS are backed up", "docs/deployment.md", needs_meta=False
    ),
)


def gone_through() -> Iterator[Found]:
    """Each item with what became of it; one that fails stops no other."""
    for item in ITEMS:
        yield looked_up(item) if isinstance(item, ByHand) else checked(item)


def looked_up(item: ByHand) -> Found:
    if item.needs_meta and addresses.is_development():
        return Found(NOT_APPLICABLE, item.what, addresses.STAND_IN)
    return Found(BY_HAND, item.what, item.where)


def checked(item: ByMachine) -> Found:
    try:
        return Found(OK, item.what, item.check())
    except DoesNotApply as reason:
        return Found(NOT_APPLICABLE, item.what, str(reason))
    except (NotReady, SendError) as fault:
        said = str(fault)
    except (DatabaseError, InterfaceError) as error:
        said = NO_DATABASE.format(type(error).__name__)
    except Exception as error:  # its own words may hold a secret
        said = NOT_CHECKED.format(type(error).__name__)
    return Found(FAIL, item.what, said)
