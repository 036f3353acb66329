"""Who works for which tenant, and pages that are for them alone."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from typing import Any
from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.db import connection
from django.http import Http404, HttpRequest, HttpResponseBase

from tenants.scope import member_scope

View = Callable[..., HttpResponseBase]


@dataclass(frozen=True, slots=True)
class Member:
    """A user's place in a tenant; `role`: see Membership.Role."""

    tenant_id: UUID
    slug: str
    tenant_name: str
    role: str


def memberships_of(user_id: UUID | None) -> list[Member]:
    """The tenants that a user works for, by name. Within auth_scope, which sees no tenant's row itself."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT tenant_id, slug, name, role FROM memberships_of(%s)", [user_id])
        return [Member(*row) for row in cursor.fetchall()]


def members_only(view: View) -> View:
    """The page of one tenant, `slug` in its address, made in that tenant's scope; `request.member` says who asks.

    Who is not signed in is sent to sign in; a tenant that one does not work for is as unknown as one that is not there. The
    page is finished when the view returns: nothing in it asks the database later.
    """

    @login_required
    @wraps(view)
    def page(request: HttpRequest, slug: str, **parameters: Any) -> HttpResponseBase:
        member = next((each for each in memberships_of(request.user.id) if each.slug == slug), None)
        if member is None:
            raise Http404
        with member_scope(member.tenant_id):
            request.member = member  # type: ignore[attr-defined]
            return view(request, **parameters)

    return page
