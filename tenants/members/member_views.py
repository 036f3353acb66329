"""Pages of a tenant's members, which its owners change. They run in the tenant's scope."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST, require_safe

from tenants.members import colleagues, invitation_links, invitations
from tenants.members.colleagues import NotAllowed
from tenants.members.forms import InviteForm, RoleForm
from tenants.members.memberships import Member, View, members_only
from tenants.members.roles import MANAGE_MEMBERS, NAMES, table

NOT_YOURS = _(
    "Only owners of this business invite people, change what they may do, or remove them."
)
WRONG_ROLE = _("There is no such role.")

Change = Callable[..., HttpResponse | str]


def page(
    request: HttpRequest,
    *,
    form: InviteForm | None = None,
    said: str | Promise = "",
    status: int = 200,
) -> HttpResponse:
    member: Member = request.member  # type: ignore[attr-defined]
    manages = MANAGE_MEMBERS.of(member.role)
    invited = invitation_links.still_open().order_by("created_at")
    context = {
        "member": member,
        "manages": manages,
        "colleagues": colleagues.colleagues(),
        "invitations": invited if manages else [],
        "days": invitation_links.DAYS,
        "roles": NAMES,
        "abilities": table(),
        "form": form or InviteForm(),
        "can_mail": settings.EMAIL_IS_CONFIGURED,
        "said": said,
    }
    return render(request, "staff/members.html", context, status=status)


@require_safe
@members_only
def members(request: HttpRequest) -> HttpResponse:
    return page(request)


def for_owners(view: Change) -> View:
    """Let only owners make a change. The view returns the sentence that says what was done; what is
    not allowed changes nothing.
    """

    @require_POST
    @members_only
    def changing(request: HttpRequest, **parameters: Any) -> HttpResponse:
        member: Member = request.member  # type: ignore[attr-defined]
        if not MANAGE_MEMBERS.of(member.role):
            return page(request, said=NOT_YOURS, status=403)
        try:
            done = view(request, **parameters)
        except NotAllowed as error:
            return page(request, said=str(error), status=409)
        if isinstance(done, HttpResponse):
            return done
        messages.success(request, done)
        return redirect("staff_members", slug=member.slug)

    return changing


@for_owners
def invite(request: HttpRequest) -> HttpResponse | str:
    form = InviteForm(request.POST)
    if not form.is_valid() or not settings.EMAIL_IS_CONFIGURED:
        return page(request, form=form, status=400)
    email = form.cleaned_data["email"]
    invitations.invite(email, form.cleaned_data["role"], by=request.user.pk)
    return gettext("An invitation is on its way to %(address)s.") % {"address": email}


@for_owners
def withdraw(request: HttpRequest, invitation_id: UUID) -> str:
    invitations.withdraw(invitation_id, by=request.user.pk)
    return gettext("The invitation is withdrawn: its link opens nothing any more.")


@for_owners
def change_role(request: HttpRequest, member_id: UUID) -> HttpResponse | str:
    form = RoleForm(request.POST)
    if not form.is_valid():
        return page(request, said=WRONG_ROLE, status=400)
    colleagues.change_role(member_id, form.cleaned_data["role"], by=request.user.pk)
    return gettext("The role is changed.")


@for_owners
def remove(request: HttpRequest, member_id: UUID) -> str:
    colleagues.remove(member_id, by=request.user.pk)
    return gettext("The person does not work here any more.")
