"""An attempt to connect a business, of a member or of whoever has a link: to Meta's page, and from
what Meta answers to a signup that goes on.
"""

import json
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError
from django.http import HttpRequest, HttpResponse, RawPostDataException
from django.shortcuts import redirect

from channels_app.storable import storable_text
from tenants.scope import tenant_scope
from whatsapp import tasks
from whatsapp.json_values import digits_or_text, inner, text
from whatsapp.models import Signup
from whatsapp.onboarding import flow

BESIDE_THE_PHONE = "FINISH_WHATSAPP_BUSINESS_APP_ONBOARDING"
NO_JSON = "The request is not JSON."
HINTS = ("waba_id", "phone_number_id", "business_id")
DIALOG_ERROR = "Meta's page ended without a permission: {}. Press Connect to try it again."
CANCELLED = (
    "Nothing was connected: you left Meta's page before the end. You can try again at any time."
)


@dataclass(frozen=True, slots=True)
class Beginner:
    """Who begins an attempt for the tenant: a member, or whoever has a link."""

    tenant_id: UUID
    user_id: UUID | None = None
    link_id: UUID | None = None


@dataclass(frozen=True, slots=True)
class HandedOver:
    """What Meta's script brought. `hints` and `event` are what the browser heard, and prove
    nothing.
    """

    state: str
    code: str
    event: str
    hints: dict[str, str]


def to_metas_page(state: str) -> HttpResponse:
    """For browsers where Meta's script does not run."""
    asked = {
        "client_id": settings.META_APP_ID,
        "redirect_uri": settings.META_REDIRECT_URI,
        "state": state,
        "response_type": "code",
        "config_id": settings.META_CONFIG_ID,
        "override_default_response_type": "true",
    }
    return redirect(
        f"{settings.META_DIALOG_URL}/{settings.META_GRAPH_VERSION}/dialog/oauth?{urlencode(asked)}"
    )


def was_left(request: HttpRequest) -> bool:
    """Return whether Meta's page led back because somebody left it before the end."""
    is_cancel = (
        request.GET.get("error") == "access_denied"
        or request.GET.get("error_reason") == "user_denied"
    )
    return is_cancel and not request.GET.get("code")


def begin_on_return(request: HttpRequest, beginner: Beginner, nonce: str) -> Signup:
    """From Meta's page: with a code, or with the reason why there is none."""
    code = request.GET.get("code", "")
    signup = begun(beginner, nonce, hints={})
    if code:
        flow.exchange(signup, code, redirect_uri=settings.META_REDIRECT_URI)
    else:
        reason = (
            request.GET.get("error_description")
            or request.GET.get("error_reason")
            or "no reason was given"
        )
        flow.cancel(signup, DIALOG_ERROR.format(reason[:200]))
    return going_on(signup)


def handed_over(request: HttpRequest) -> HandedOver | None:
    """Return {state, code, event, data} of a request's body; None: it is not JSON, but a form
    maybe, which was read for its token.
    """
    try:
        told: Any = json.loads(request.body)
    except (ValueError, RecursionError, RawPostDataException):
        return None
    told = told if isinstance(told, dict) else {}
    data = inner(told, "data")
    hints = {
        name: storable_text(text(digits_or_text(data.get(name))), 64)
        for name in HINTS
        if data.get(name)
    }
    return HandedOver(
        state=text(told.get("state")),
        code=text(told.get("code")),
        event=text(told.get("event")),
        hints=hints,
    )


def begin_by_script(told: HandedOver, beginner: Beginner, nonce: str) -> Signup:
    is_beside = told.event == BESIDE_THE_PHONE
    signup = begun(beginner, nonce, hints=told.hints, beside_the_phone=is_beside)
    flow.exchange(signup, told.code, redirect_uri="")
    return going_on(signup)


def begun(
    beginner: Beginner, nonce: str, *, hints: dict[str, str], beside_the_phone: bool = False
) -> Signup:
    """A state is used once, whatever becomes of its code."""
    try:
        with tenant_scope(beginner.tenant_id):
            return Signup.objects.create(
                tenant_id=beginner.tenant_id,
                user_id=beginner.user_id,
                link_id=beginner.link_id,
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


def continued(request: HttpRequest, signup: Signup) -> None:
    """Go on with a signup that failed, in its tenant's scope; with `move`, and take the numbers
    over; with `pin`, the one that a number has; with `number`, that one alone.
    """
    pin, number = (request.POST.get(name, "").strip() for name in ("pin", "number"))
    if flow.resume(signup, is_move=request.POST.get("move") == "yes", pin=pin, number=number):
        tasks.proceed_soon(signup)
