"""Who asks by a connect link: at a browser that has opened it, for its tenant and one number."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from tenants.connect_links import browsers, opening
from tenants.models import ConnectLink
from tenants.scope import tenant_scope
from whatsapp.models import Signup
from whatsapp.onboarding import oauth_state
from whatsapp.onboarding.channels import KIND
from whatsapp.pages.attempts import Beginner
from whatsapp.pages.link_ends import OFTEN, STALE, UNOPENED, End, end_of, ended

ATTEMPTS = 30  # by one link: more are no mistakes


class LinkRefused(Exception):
    """Nothing was done; `end` says to the holder why. `again`: where they begin once more."""

    def __init__(self, end: End, again: str = "") -> None:
        super().__init__(end.title)
        self.end, self.again = end, again


@dataclass(frozen=True, slots=True)
class Holder:
    """Whoever has the link; `browser`: the secret of the browser that has opened it."""

    link: ConnectLink
    browser: str

    @property
    def beginner(self) -> Beginner:
        return Beginner(self.link.tenant_id, link_id=self.link.id)

    def make_state(self) -> str:
        return oauth_state.make(self.link.tenant_id, self.browser, self.link.id)

    def page(self, **query: str) -> str:
        address = reverse("connect_whatsapp_holder", args=[self.link.id])
        return f"{address}?{urlencode(query)}" if query else address

    def page_of(self, signup: Signup) -> str:
        return self.page(signup=str(signup.id))


def for_holders(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """A view for browsers that have opened the link, which may be over by now."""

    @wraps(view)
    def page(request: HttpRequest, link_id: UUID, *args: Any, **parameters: Any) -> HttpResponse:
        browser = browsers.key_in(request, link_id)
        link = opening.find(link_id, KIND) if browser else None
        if browser is None or link is None:
            return ended(request, UNOPENED)
        try:
            return view(request, Holder(link, browser), *args, **parameters)
        except LinkRefused as refused:
            return ended(request, refused.end, again=refused.again)

    return page


def check_open(holder: Holder) -> None:
    """Raise LinkRefused where nothing can be connected with the link any more."""
    if end := end_of(holder.link):
        raise LinkRefused(end)


def nonce_of(given: str, holder: Holder) -> str:
    """Return the nonce of a state of this link and this browser, with which an attempt may begin.
    Raises LinkRefused; then nothing is stored.
    """
    check_open(holder)
    try:
        told = oauth_state.read(given, holder.browser, holder.link.id)
    except oauth_state.StateRefused:
        raise LinkRefused(STALE, again=holder.page()) from None
    with tenant_scope(holder.link.tenant_id):
        if Signup.objects.filter(link=holder.link.id).count() >= ATTEMPTS:
            raise LinkRefused(OFTEN)
    return told.nonce
