"""Memberships of a user, and pages that are for a tenant's members alone."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from typing import Any
from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.db import connection
from django.http import Http404, HttpRequest, HttpResponseBase

from tenants.members.roles import CONNECT_CHANNELS, NAMES
from tenants.scope import auth_scope, member_scope

View = Callable[..., HttpResponseBase]


@dataclass(frozen=True, slots=True)
class Member:
    """A user's place in a tenant; `role`: see Membership.Role."""

    tenant_id: UUID
    slug: str
    tenant_name: str
    role: str

    @property
    def role_name(self) -> str:
        return str(NAMES[self.role])

    @property
    def may_connect_channels(self) -> bool:
        return CONNECT_CHANNELS.of(self.role)


def memberships_of(user_id: UUID | None) -> list[Member]:
    """Return the tenants that a user works for, by name. Within auth_scope, which sees no tenant's
    row itself.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT tenant_id, slug, name, role FROM memberships_of(%s)", [user_id])
        return [Member(*row) for row in cursor.fetchall()]


@dataclass(frozen=True, slots=True)
class Asking:
    """A signed-in user, their session, and the tenants that they may act for."""

    user_id: UUID
    session_key: str
    members: list[Member]

    def member_of(self, slug: str) -> Member | None:
        return next((member for member in self.members if member.slug == slug), None)


def who_asks(request: HttpRequest, *roles: str) -> Asking | None:
    """Return who is signed in, with the tenants in which they have one of these roles; None: nobody
    is.

    Opens a scope of its own and closes it: for pages that ask the network, and so may hold no
    transaction open.
    """
    with auth_scope():
        if not request.user.is_authenticated or request.user.pk is None:
            return None
        members = [member for member in memberships_of(request.user.pk) if member.role in roles]
        return Asking(request.user.pk, request.session.session_key or "", members)


def members_only(view: View) -> View:
    """Make a view the page of one tenant, `slug` in its address, in that tenant's scope;
    `request.member` says who asks.

    Who is not signed in is sent to sign in. A tenant that the user does not work for is answered
    like one that does not exist. The page is finished when the view returns: nothing in it asks the
    database later.
    """

    @login_required
    @wraps(view)
    def page(request: HttpRequest, slug: str, **parameters: Any) -> HttpResponseBase:
        members = memberships_of(request.user.id)
        member = next((member for member in members if member.slug == slug), None)
        if member is None:
            raise Http404
        with member_scope(member.tenant_id):
            request.member = member  # type: ignore[attr-defined]
            return view(request, **parameters)

    return page
