"""Addresses that Meta itself calls, signed, and one that it gives to people; no sign-in."""

import logging
from collections.abc import Callable
from datetime import datetime

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_GET, require_POST

from channels_app.storable import storable_text
from whatsapp.onboarding import deauthorization, signed_request

logger = logging.getLogger(__name__)

OfAPerson = Callable[[str, datetime], HttpResponse]


def from_meta(view: OfAPerson) -> Callable[[HttpRequest], HttpResponseBase]:
    """Take a POST with a signed_request: whom it is about, and when they asked. 403: forged; 503:
    not done, ask again.
    """

    @csrf_exempt
    @require_POST
    def signed(request: HttpRequest) -> HttpResponse:
        try:
            told = signed_request.read(request.POST.get("signed_request", ""), secrets())
            asked_at = signed_request.issued_at(told)
        except signed_request.Forged:
            return HttpResponse(status=403)
        try:
            return view(storable_text(str(told.get("user_id") or ""), 64), asked_at)
        except deauthorization.StillLocked:
            logger.error("A channel that its owner took back is locked for long: it still sends.")
            return HttpResponse(status=503)

    return signed


def secrets() -> list[str]:
    """Of our app, the former ones too while they are replaced."""
    return [settings.META_APP_SECRET, *settings.WHATSAPP_APP_SECRETS]


@from_meta
def deauthorize(user_id: str, asked_at: datetime) -> HttpResponse:
    deauthorization.deauthorize(user_id, asked_at)
    return JsonResponse({"success": True})


@from_meta
def delete(user_id: str, asked_at: datetime) -> HttpResponse:
    code = deauthorization.delete(user_id, asked_at).code
    address = f"{settings.PUBLIC_URL}{reverse('whatsapp_deletion', args=[code])}"
    return JsonResponse({"url": address, "confirmation_code": code})


@require_GET
def deletion(request: HttpRequest, code: str) -> HttpResponse:
    """What became of a request, for who has its code."""
    found = deauthorization.deletion(code)
    if found is None:
        raise Http404
    return render(request, "connect/deletion.html", {"deletion": found})
