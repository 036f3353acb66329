"""The page for those who may not connect a business that they work for: it says who may."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from tenants.members.memberships import Member
from tenants.models import Membership, User
from tenants.scope import auth_scope, tenant_scope

ROLES = (Membership.Role.OWNER.value, Membership.Role.ADMIN.value)


def refused(request: HttpRequest, member: Member) -> HttpResponse:
    """403, with the names of the business's owners and administrators."""
    return render(
        request, "connect/refused.html", {"member": member, "people": people_of(member)}, status=403
    )


def people_of(member: Member) -> list[str]:
    """Who may connect the business, as they call themselves."""
    with tenant_scope(member.tenant_id):
        ids = list(Membership.objects.filter(role__in=ROLES).values_list("user_id", flat=True))
    with auth_scope():
        people = User.objects.filter(id__in=ids, is_active=True).order_by("username")
        return [each.get_full_name() or each.get_username() for each in people]
