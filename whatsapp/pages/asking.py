"""Who asks to connect a business: signed in, allowed to, and for which tenant."""

from collections.abc import Callable
from dataclasses import replace
from functools import wraps
from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse

from tenants.members.memberships import Asking, Member, who_asks
from tenants.models import Membership
from whatsapp.onboarding import oauth_state
from whatsapp.pages.refusing import ROLES, refused


def for_connecting(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponseBase]:
    """Send who is not signed in there; whoever may not connect the business reads who may."""

    @wraps(view)
    def page(request: HttpRequest, *args: Any, **parameters: Any) -> HttpResponseBase:
        everywhere = who_asks(request, *Membership.Role.values)
        if everywhere is None:
            back = urlencode({"next": request.get_full_path()})
            return redirect(f"{reverse(settings.LOGIN_URL)}?{back}")
        if not everywhere.members:
            raise PermissionDenied
        allowed = [each for each in everywhere.members if each.role in ROLES]
        asking = replace(everywhere, members=allowed)
        wanted = everywhere.member_of(request.GET.get("tenant") or request.POST.get("tenant", ""))
        if not asking.members or (wanted and wanted not in asking.members):
            return refused(request, wanted or everywhere.members[0])
        return view(request, asking, *args, **parameters)

    return page


def chosen(slug: str, asking: Asking) -> Member:
    """The tenant that is asked for, else the first; one that is not theirs is not there."""
    member = asking.member_of(slug) if slug else asking.members[0]
    if member is None:
        raise Http404
    return member


def proven(given: str, asking: Asking) -> tuple[Member, str]:
    """Whose state it is, and its nonce: of this session, of a tenant that they may act for. Else
    403, nothing is stored.
    """
    try:
        told = oauth_state.read(given, asking.session_key)
    except oauth_state.StateRefused:
        raise PermissionDenied from None
    member = next((each for each in asking.members if each.tenant_id == told.tenant_id), None)
    if member is None:
        raise PermissionDenied
    return member, told.nonce
