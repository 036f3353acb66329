"""Pages on which an invitation is accepted, by a signed-in user or with a new account."""

from uuid import UUID

from django.contrib import messages
from django.contrib.auth import login
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_safe

from tenants.members import invitation_links, invitations
from tenants.members.forms import AccountForm
from tenants.members.invitation_links import InvitationLink
from tenants.members.memberships import memberships_of
from tenants.members.roles import NAMES
from tenants.models import User
from tenants.passwords import TooManyChecks, one_of_a_few
from tenants.scope import member_scope
from tenants.web.sign_in import BUSY, refused

KEPT = "invitation"  # in the session
BACKEND = "tenants.passwords.BoundedBackend"


@require_safe
def link(request: HttpRequest, token: str) -> HttpResponse:
    """Keep the link's token in the session, so that no later address, log or referrer names it."""
    if invitation_links.read(token):
        request.session[KEPT] = token
    else:
        request.session.pop(KEPT, None)
    return redirect("staff_invitation")


@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
def invitation(request: HttpRequest) -> HttpResponse:
    opened = invitation_links.read(request.session.get(KEPT, ""))
    invited = shown(opened, request.user.pk) if opened else None
    if opened is None or invited is None:
        return render(request, "staff/invitation.html")
    is_known, accepts = request.user.is_authenticated, request.method == "POST"
    form = (
        None
        if is_known
        else AccountForm(request.POST if accepts else None, instance=User(email=invited["email"]))
    )
    user = (made(request, form) if form else signed_in(request)) if accepts else None
    if user:
        return accepted(request, opened, user)
    return render(request, "staff/invitation.html", {"invited": invited, "form": form})


def shown(opened: InvitationLink, user_id: UUID | None) -> dict[str, str] | None:
    """Return what the page says of an invitation; None: it cannot be accepted."""
    with member_scope(opened.tenant_id):
        found = opened.find()
        if found is None or not invitations.may_accept(opened, user_id):
            return None
        return {"business": found.tenant.name, "email": found.email, "role": str(NAMES[found.role])}


def made(request: HttpRequest, form: AccountForm) -> User | None:
    """Create the account and sign it in; None: the form says why there is none."""
    if not form.is_valid():
        return None
    try:
        with one_of_a_few():
            user = form.save()
    except TooManyChecks:
        form.add_error(None, refused(request, BUSY))
        return None
    login(request, user, backend=BACKEND)
    return user


def signed_in(request: HttpRequest) -> User:
    return User.objects.get(username=request.user.get_username())


def accepted(request: HttpRequest, opened: InvitationLink, user: User) -> HttpResponse:
    with member_scope(opened.tenant_id):
        is_in = invitations.accept(opened, user.pk)
    request.session.pop(KEPT, None)
    if not is_in:  # it ended since the page was asked for; an account made for it is undone
        return render(request, "staff/invitation.html", status=409)
    members = memberships_of(user.pk)
    member = next(member for member in members if member.tenant_id == opened.tenant_id)
    said = gettext("You work for %(business)s as %(role)s.")
    messages.success(request, said % {"business": member.tenant_name, "role": member.role_name})
    return redirect("staff")
