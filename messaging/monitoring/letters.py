"""The mails about problems: what began and what is over, to the operators and to a tenant's
owners.
"""

from collections.abc import Iterator
from datetime import datetime

from django.conf import settings

from messaging.models import Alert
from tenants.mail import Mail, letter
from tenants.models import Membership, Tenant
from tenants.scope import operator_scope

OWNERS_BEGAN, OWNERS_OVER = "owners_alerts_began", "owners_alerts_over"
TOLD = 50  # in one mail; `status` tells all of them


def to_operators(began: list[Alert], over: list[Alert]) -> Mail:
    lines = [
        *part("Needs a hand", began),
        *part("Over", over),
        "",
        "manage.py status tells what is so now.",
        settings.PUBLIC_URL,
    ]
    return Mail(
        to=tuple(settings.OPERATORS_EMAIL),
        subject=subject_of(began, over),
        text="\n".join(lines).strip() + "\n",
    )


@letter(OWNERS_BEGAN)
def owners_began(tenant_id: str, alert_ids: str) -> Mail | None:
    """A letter about problems that began. Those that are over meanwhile are left out."""
    return to_owners(tenant_id, alert_ids, is_over=False)


@letter(OWNERS_OVER)
def owners_over(tenant_id: str, alert_ids: str) -> Mail | None:
    return to_owners(tenant_id, alert_ids, is_over=True)


def to_owners(tenant_id: str, alert_ids: str, *, is_over: bool) -> Mail | None:
    with operator_scope():
        tenant = Tenant.objects.get(id=tenant_id)
        alerts = list(
            Alert.objects.filter(id__in=alert_ids.split(","), over_at__isnull=not is_over).order_by(
                "id"
            )
        )
        owners = Membership.objects.filter(
            tenant=tenant, role=Membership.Role.OWNER, user__is_active=True
        )
        addresses = sorted(
            {owner.user.email for owner in owners.select_related("user") if owner.user.email}
        )
    if not alerts:
        return None
    began, over = ([], alerts) if is_over else (alerts, [])
    lines = [*part("Needs a hand", began), *part("Over", over), "", f"{settings.PUBLIC_URL}/staff/"]
    subject = f"{tenant.name}: {subject_of(began, over)}"
    return Mail(to=tuple(addresses), subject=subject, text="\n".join(lines).strip() + "\n")


def subject_of(began: list[Alert], over: list[Alert]) -> str:
    first = (began or over)[0]
    others = f" (and {len(began) + len(over) - 1} more)" if len(began) + len(over) > 1 else ""
    return f"{'Needs a hand' if began else 'Over'}: {first}"[:150] + others


def part(title: str, alerts: list[Alert]) -> Iterator[str]:
    if not alerts:
        return
    yield from ("", f"{title}:", "")
    for alert in alerts[:TOLD]:
        yield f"- {alert}"
        yield f"  since {moment(alert.began_at)}" + (
            f" until {moment(alert.over_at)}" if alert.over_at else f". {alert.step}"
        )
    if len(alerts) > TOLD:
        yield f"- and {len(alerts) - TOLD} more"


def moment(at: datetime) -> str:
    return f"{at:%Y-%m-%d %H:%M %Z}"
