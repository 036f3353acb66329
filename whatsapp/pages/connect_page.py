"""What the connect page shows: to a member the tenant's numbers, and how far its newest signup is;
to whoever has a link their own signup alone, and the way back.
"""

from typing import Any
from urllib.parse import urlencode, urlsplit
from uuid import UUID

from django.conf import settings
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse

from channels_app.models import Channel
from tenants.connect_links.return_addresses import (
    CANCELLED,
    CHANNEL,
    OUTCOME,
    host_of,
    with_outcome,
)
from tenants.connect_links.return_addresses import DONE as CONNECTED
from tenants.members.memberships import Asking, Member
from tenants.scope import tenant_scope
from whatsapp.models import Signup
from whatsapp.onboarding.channels import KIND
from whatsapp.onboarding.steps import TITLES
from whatsapp.pages.cards import card_of
from whatsapp.pages.holding import Holder
from whatsapp.pages.plain_words import plain

METAS = ["https://www.facebook.com", "https://web.facebook.com"]
PENDING, UNDER_WAY, DONE, FAILED = "pending", "under way", "done", "failed"


def rendered(request: HttpRequest, asking: Asking, member: Member, signup_id: str) -> HttpResponse:
    with tenant_scope(member.tenant_id):
        channels = list(
            Channel.objects.filter(kind=KIND, is_test=False)
            .exclude(status=Channel.Status.DISCONNECTED)
            .order_by("id")
        )
        begun = numbers_being_connected()
        signup = shown(Signup.objects.all(), signup_id)
    cards = [card_of(each, is_being_connected=each.external_id in begun) for each in channels]
    context = {
        "member": member,
        "members": asking.members,
        "cards": cards,
        "has_broken": any(each.reconnects for each in cards),
        "ways": ways_of(member, signup),
    }
    return answered(request, "connect/whatsapp.html", context, signup)


def rendered_for_holder(
    request: HttpRequest, holder: Holder, signup: Signup | None
) -> HttpResponse:
    context = {
        "tenant_name": holder.link.tenant.name,
        "is_over": not holder.link.is_open,
        "ways": ways_by_link(holder, signup),
        "back": {"name": host_of(holder.link.return_url), "address": back_of(holder, signup)},
    }
    return answered(request, "connect/link.html", context, signup)


def ways_of(member: Member, signup: Signup | None) -> dict[str, str]:
    """Where the page's forms and scripts lead."""
    of_tenant = urlencode({"tenant": member.slug})
    ways = {
        "begin": reverse("connect_whatsapp_begin"),
        "state": f"{reverse('connect_whatsapp_state')}?{of_tenant}",
        "finish": reverse("connect_whatsapp_finish"),
    }
    if signup:
        ways["steps"] = reverse("connect_whatsapp_steps", args=[signup.id])
        ways["again"] = reverse("connect_whatsapp_again", args=[signup.id])
        ways["shown"] = f"?{of_tenant}&{urlencode({'signup': signup.id})}"
    return ways


def ways_by_link(holder: Holder, signup: Signup | None) -> dict[str, str]:
    of_link = {
        name: reverse(f"connect_whatsapp_holder_{name}", args=[holder.link.id])
        for name in ("begin", "state", "finish")
    }
    if signup is None:
        return of_link
    of_signup = {
        name: reverse(f"connect_whatsapp_holder_{name}", args=[holder.link.id, signup.id])
        for name in ("steps", "again")
    }
    return {**of_link, **of_signup, "shown": holder.page_of(signup)}


def back_of(holder: Holder, signup: Signup | None) -> str:
    """Return the link's return address, with what came of it."""
    link = holder.link
    if signup and signup.status == Signup.Status.CONNECTED:
        return with_outcome(link.return_url, **{OUTCOME: CONNECTED, CHANNEL: str(link.channel_id)})
    return with_outcome(link.return_url, **{OUTCOME: CANCELLED})


def answered(
    request: HttpRequest, template: str, told: dict[str, Any], signup: Signup | None
) -> HttpResponse:
    """Return the page, with how far the signup is and what Meta's script needs."""
    steps = told_steps_of(signup) if signup else []
    done = [each for each in steps if each["state"] == DONE]
    context = {
        **told,
        "signup": signup,
        "steps": steps,
        "done": done,
        "open": [each for each in steps if each not in done],
        "is_configured": bool(
            settings.META_APP_ID and settings.META_APP_SECRET and settings.META_CONFIG_ID
        ),
        "meta": {
            "app": settings.META_APP_ID,
            "config": settings.META_CONFIG_ID,
            "version": settings.META_GRAPH_VERSION,
            "sdk": settings.META_SDK_URL,
            "origins": " ".join(origins()),
        },
    }
    response = render(request, template, context)
    response["Content-Security-Policy"] = policy()
    # Meta's window answers this one
    response["Cross-Origin-Opener-Policy"] = "same-origin-allow-popups"
    response["Cache-Control"] = "no-store"
    return response


def shown(signups: QuerySet[Signup], signup_id: str) -> Signup | None:
    """The one of these that is asked for, else the newest, if it is not over. Within the tenant's
    scope.
    """
    try:
        return signups.filter(id=UUID(signup_id)).first()
    except ValueError:
        newest = signups.exclude(status=Signup.Status.CANCELLED).order_by("-created_at").first()
        return None if newest is None or newest.status == Signup.Status.CONNECTED else newest


def numbers_being_connected() -> set[str]:
    """Meta's ids of the numbers that attempts are at work on. Within the tenant's scope."""
    running = Signup.objects.filter(status=Signup.Status.RUNNING).values_list("numbers", flat=True)
    return {each["id"] for numbers in running for each in numbers}


def told_steps_of(signup: Signup) -> list[dict[str, Any]]:
    """The same as steps_of, in words for the business's own people."""
    return [{**step, "said": plain(step["said"])} for step in steps_of(signup)]


def steps_of(signup: Signup) -> list[dict[str, Any]]:
    """Each step with its state and what it came to, in order."""
    found, is_next = [], signup.status == Signup.Status.RUNNING
    for name, title in TITLES.items():
        told = signup.steps.get(name)
        if told is None or (told["failed"] and is_next):
            found.append(
                {
                    "name": name,
                    "title": title,
                    "state": UNDER_WAY if is_next else PENDING,
                    "said": "",
                }
            )
            is_next = False
        else:
            found.append(
                {
                    "name": name,
                    "title": title,
                    "state": FAILED if told["failed"] else DONE,
                    "said": told["said"],
                }
            )
    return found


def origins() -> list[str]:
    """Return the origins accepted in window.postMessage: Meta's two, or META_DIALOG_URL's if set to
    another.
    """
    own = origin_of(settings.META_DIALOG_URL)
    return METAS if own in METAS else [own]


def origin_of(address: str) -> str:
    parts = urlsplit(address)
    return f"{parts.scheme}://{parts.netloc}"


def policy() -> str:
    """Scripts of ours and Meta's SDK, frames and calls of Meta's; nothing else runs or loads."""
    sdk, metas = origin_of(settings.META_SDK_URL), " ".join(origins())
    return "; ".join(
        [
            "default-src 'none'",
            f"script-src 'self' {sdk}",
            "style-src 'self'",
            "img-src 'self' data:",
            f"connect-src 'self' {metas} {origin_of(settings.META_GRAPH_URL)}",
            f"frame-src {metas}",
            f"form-action 'self' {metas}",
            "base-uri 'none'",
            "frame-ancestors 'none'",
        ]
    )
