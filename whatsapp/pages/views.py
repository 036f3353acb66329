"""Connect a business: the page, Meta's way back to it, and what the page asks while it waits.

A view opens its scopes one after the other: none is open while Meta is asked.
"""

import json
from urllib.parse import urlencode
from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_GET, require_POST

from channels_app import tasks as channel_tasks
from channels_app.models import Channel
from channels_app.storable import storable_text
from tenants.members.memberships import Asking, Member
from tenants.scope import tenant_scope
from whatsapp import tasks
from whatsapp.json_values import digits_or_text, inner, text
from whatsapp.models import Signup
from whatsapp.onboarding import flow, oauth_state
from whatsapp.onboarding.channels import KIND
from whatsapp.pages.asking import chosen, for_connecting, proven
from whatsapp.pages.awaited import asks_meta
from whatsapp.pages.cards import named
from whatsapp.pages.connect_page import rendered, told_steps_of

BESIDE_THE_PHONE = "FINISH_WHATSAPP_BUSINESS_APP_ONBOARDING"
HINTS = ("waba_id", "phone_number_id", "business_id")
DIALOG_ERROR = "Meta's page ended without a permission: {}. Press Connect to try it again."
CANCELLED = (
    "Nothing was connected: you left Meta's page before the end. You can try again at any time."
)
LEFT = (
    "{} is disconnected. What people write to it does not arrive here any more, and nothing is sent"
    " from it; what was written so far stays. To have it back, connect it again below."
)
FREED = " Meta is being asked to free it for the WhatsApp app on a phone: that takes a few minutes."


@require_GET
@for_connecting
def connect(request: HttpRequest, asking: Asking) -> HttpResponse:
    return rendered(
        request,
        asking,
        chosen(request.GET.get("tenant", ""), asking),
        request.GET.get("signup", ""),
    )


@require_POST
@for_connecting
def begin(request: HttpRequest, asking: Asking) -> HttpResponse:
    """To Meta's own page, for browsers where its script does not run."""
    member = chosen(request.POST.get("tenant", ""), asking)
    asked = {
        "client_id": settings.META_APP_ID,
        "redirect_uri": settings.META_REDIRECT_URI,
        "state": oauth_state.make(member.tenant_id, asking.session_key),
        "response_type": "code",
        "config_id": settings.META_CONFIG_ID,
        "override_default_response_type": "true",
    }
    return redirect(
        f"{settings.META_DIALOG_URL}/{settings.META_GRAPH_VERSION}/dialog/oauth?{urlencode(asked)}"
    )


@require_GET
@for_connecting
def callback(request: HttpRequest, asking: Asking) -> HttpResponse:
    """Back from Meta's page. Who cancelled there is told so, and nothing is stored: their state can
    still be used.
    """
    is_cancel = (
        request.GET.get("error") == "access_denied"
        or request.GET.get("error_reason") == "user_denied"
    )
    if request.GET.get("code") or not is_cancel:
        return brought_back(request, asking)
    member, _ = proven(request.GET.get("state", ""), asking)
    messages.info(request, CANCELLED)
    return redirect(page_of(member))


@asks_meta
def brought_back(request: HttpRequest, asking: Asking) -> HttpResponse:
    """With a code, or with the reason why there is none."""
    member, nonce = proven(request.GET.get("state", ""), asking)
    code = request.GET.get("code", "")
    signup = begun(nonce, member, asking, hints={})
    if code:
        flow.exchange(signup, code, redirect_uri=settings.META_REDIRECT_URI)
    else:
        reason = (
            request.GET.get("error_description")
            or request.GET.get("error_reason")
            or "no reason was given"
        )
        flow.cancel(signup, DIALOG_ERROR.format(reason[:200]))
    return redirect(address_of(member, going_on(signup)))


@require_GET
@for_connecting
def fresh_state(request: HttpRequest, asking: Asking) -> HttpResponse:
    """For the page, when Meta's script has brought it a code."""
    member = chosen(request.GET.get("tenant", ""), asking)
    return JsonResponse(
        {"state": oauth_state.make(member.tenant_id, asking.session_key)},
        headers={"Cache-Control": "no-store"},
    )


@require_POST
@for_connecting
@asks_meta
def finish(request: HttpRequest, asking: Asking) -> HttpResponse:
    """The same from Meta's script: {state, code, event, data}; `data` is what the browser heard,
    and proves nothing.
    """
    try:
        told = json.loads(request.body)
    except (ValueError, RecursionError):
        return JsonResponse({"fault": "The request is not JSON."}, status=400)
    told = told if isinstance(told, dict) else {}
    member, nonce = proven(text(told.get("state")), asking)
    data = inner(told, "data")
    hints = {
        name: storable_text(text(digits_or_text(data.get(name))), 64)
        for name in HINTS
        if data.get(name)
    }
    signup = begun(
        nonce, member, asking, hints=hints, beside_the_phone=told.get("event") == BESIDE_THE_PHONE
    )
    flow.exchange(signup, text(told.get("code")), redirect_uri="")
    return JsonResponse({"address": address_of(member, going_on(signup))})


def begun(
    nonce: str,
    member: Member,
    asking: Asking,
    *,
    hints: dict[str, str],
    beside_the_phone: bool = False,
) -> Signup:
    """A state is used once, whatever becomes of its code."""
    try:
        with tenant_scope(member.tenant_id):
            return Signup.objects.create(
                tenant_id=member.tenant_id,
                user_id=asking.user_id,
                nonce=nonce,
                hints=hints,
                is_coexistence=beside_the_phone,
            )
    except IntegrityError:
        raise PermissionDenied from None


def going_on(signup: Signup) -> Signup:
    if signup.status == Signup.Status.RUNNING:
        with tenant_scope(signup.tenant_id):
            tasks.proceed_soon(signup)
    return signup


def address_of(member: Member, signup: Signup) -> str:
    return page_of(member, signup=str(signup.id))


def page_of(member: Member, **query: str) -> str:
    return f"{reverse('connect_whatsapp')}?{urlencode({'tenant': member.slug, **query})}"


@require_GET
@for_connecting
def steps(request: HttpRequest, asking: Asking, signup_id: UUID) -> HttpResponse:
    """How far a signup is: {status, steps: [{title, state, said}]}."""
    _, signup = own(asking, signup_id)
    return JsonResponse({"status": signup.status, "steps": told_steps_of(signup)})


@require_POST
@for_connecting
def again(request: HttpRequest, asking: Asking, signup_id: UUID) -> HttpResponse:
    """Go on with a signup that failed; with `move`, and take the numbers over; with `pin`, the one
    that a number has.
    """
    member, signup = own(asking, signup_id)
    with tenant_scope(member.tenant_id):
        pin = request.POST.get("pin", "").strip()
        if flow.resume(signup, is_move=request.POST.get("move") == "yes", pin=pin):
            tasks.proceed_soon(signup)
    return redirect(address_of(member, signup))


@require_POST
@for_connecting
def disconnect(request: HttpRequest, asking: Asking, channel_id: UUID) -> HttpResponse:
    """Give a number up; with `deregister`, it may be used in the phone app again."""
    for member in asking.members:
        with tenant_scope(member.tenant_id):
            if channel := Channel.objects.filter(id=channel_id, kind=KIND).first():
                ends = request.POST.get("deregister") == "yes"
                channel_tasks.disconnect(
                    channel, by=request.user.get_username(), ends_registration=ends
                )
                messages.success(request, LEFT.format(named(channel)) + (FREED if ends else ""))
                return redirect(page_of(member))
    raise Http404


def own(asking: Asking, signup_id: UUID) -> tuple[Member, Signup]:
    for member in asking.members:
        with tenant_scope(member.tenant_id):
            if signup := Signup.objects.filter(id=signup_id).first():
                return member, signup
    raise Http404
