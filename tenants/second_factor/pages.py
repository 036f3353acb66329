"""Pages of the second factor. Setting one up and typing a code are open to who has given their
password; everything else asks for a code of the factor that is there. What makes, shows or takes
away anything asks the password again, unless it was given lately.
"""

from typing import Any

from django import forms
from django.conf import settings
from django.contrib import messages
from django.contrib.auth import update_session_auth_hash
from django.contrib.auth.decorators import login_required
from django.db.models import F
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.timesince import timesince
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from tenants.models import User
from tenants.second_factor import factors, offers
from tenants.second_factor.checking import is_right, wrong_code
from tenants.second_factor.forms import CodeForm, ReplaceForm, SetUpForm
from tenants.second_factor.gate import ENTER, must_have_one, owes, remember
from tenants.second_factor.password import password_lately, remember_password
from tenants.web.password_forms import AgainForm
from tenants.web.sessions import SessionStore

HOME = "staff_second_factor"
form_page = require_http_methods(["GET", "HEAD", "POST"])
secret_page = sensitive_post_parameters()


@require_safe
@login_required
def overview(request: HttpRequest) -> HttpResponse:
    user: Any = request.user
    factor, now = user.second_factor, timezone.now()
    limits = settings.OPERATORS_SESSION if user.is_staff else settings.MEMBERS_SESSION
    idle, at_most = (timesince(now - limit, now) for limit in limits)
    shown = {
        "factor": factor,
        "codes_left": factor.recovery_codes.count() if factor else 0,
        "must_have_one": must_have_one(user),
        "idle": idle,
        "at_most": at_most,
    }
    return render(request, "staff/second_factor/overview.html", shown)


@form_page
@secret_page
def enter(request: HttpRequest) -> HttpResponse:
    """Prove the factor after the password."""
    user: Any = request.known  # type: ignore[attr-defined]
    if not owes(request, user) or user.second_factor_id is None:
        return redirect(HOME)
    form = CodeForm(request.POST or None)
    if form.is_valid() and is_right(request, form, user):
        remember(request, user.second_factor)
        return redirect(way_on(request, user))
    return page(request, "enter", user, form)


@form_page
@password_lately
@secret_page
def set_up(request: HttpRequest) -> HttpResponse:
    """Set up the first factor."""
    user: Any = request.known  # type: ignore[attr-defined]
    if not user.is_authenticated or user.second_factor_id is not None:
        return redirect(HOME)
    return offer(request, user, SetUpForm)


@form_page
@login_required
@password_lately
@secret_page
def replace(request: HttpRequest) -> HttpResponse:
    """Set up another app in the place of the one that is proven."""
    user: Any = request.user
    if user.second_factor_id is None:
        return redirect(HOME)
    return offer(request, user, ReplaceForm)


@form_page
@secret_page
def password_again(request: HttpRequest) -> HttpResponse:
    """Ask the password of who is signed in."""
    user: Any = request.known  # type: ignore[attr-defined]
    if not user.is_authenticated or (owes(request, user) and user.second_factor_id):
        return redirect(ENTER)
    form = AgainForm(request, user, request.POST or None)
    if form.is_valid():
        remember_password(request)
        return redirect(way_on(request, user))
    return page(request, "password_again", user, form)


def offer(request: HttpRequest, user: User, make_form: type[SetUpForm]) -> HttpResponse:
    """Return the page with the secret on offer or, once its app has shown the right code, the one
    with the recovery codes. Who has a factor gives a code of that, too.
    """
    secret = offers.offered(request, user)
    form = make_form(secret, request.POST or None)
    if form.is_valid() and (
        user.second_factor_id is None or is_right(request, form, user, "current")
    ):
        try:
            codes = factors.set_up(user, secret, form.cleaned_data["code"], timezone.now())
        except factors.WrongCode:
            form.add_error("code", wrong_code())
        else:
            offers.forget(request)
            remember(request, user.second_factor)  # type: ignore[arg-type]
            return page(request, "codes", user, form, codes=codes)
    picture, typed = offers.shown(secret, user)
    return page(request, "set_up", user, form, picture=picture, secret=typed)


@form_page
@login_required
@password_lately
@secret_page
def codes(request: HttpRequest) -> HttpResponse:
    """Replace the recovery codes."""
    user: Any = request.user
    if user.second_factor_id is None:
        return redirect(HOME)
    form = CodeForm(request.POST or None)
    if form.is_valid() and is_right(request, form, user):
        renewed = factors.renew_recovery_codes(user.second_factor)
        return page(request, "codes", user, form, codes=renewed)
    return page(request, "renew_codes", user, form)


@form_page
@login_required
@password_lately
@secret_page
def take_away(request: HttpRequest) -> HttpResponse:
    """Do without the factor, where none must be."""
    user: Any = request.user
    if user.second_factor_id is None or must_have_one(user):
        return redirect(HOME)
    form = CodeForm(request.POST or None)
    if form.is_valid() and is_right(request, form, user):
        factors.take_away(user)
        messages.success(request, _("You sign in with your password alone from now on."))
        return redirect(HOME)
    return page(request, "take_away", user, form)


@require_POST
@login_required
def sign_out_elsewhere(request: HttpRequest) -> HttpResponse:
    user: Any = request.user
    session: SessionStore = request.session  # type: ignore[assignment]
    User.objects.filter(pk=user.pk).update(sign_outs=F("sign_outs") + 1)
    user.refresh_from_db(fields=["sign_outs"])
    with session.as_old_as_before():
        update_session_auth_hash(request, user)
    messages.success(request, _("Wherever else you were signed in, you are not any more."))
    return redirect(HOME)


def page(
    request: HttpRequest, name: str, user: User, form: forms.Form, **more: Any
) -> HttpResponse:
    shown = {
        "form": form,
        "known": user,
        "way_on": way_on(request, user),
        "must_have_one": must_have_one(user),
        **more,
    }
    response = render(request, f"staff/second_factor/{name}.html", shown)
    response["Cache-Control"] = "no-store"
    return response


def way_on(request: HttpRequest, user: User) -> str:
    """Return where somebody was going, else their first page."""
    wanted = request.POST.get("next") or request.GET.get("next", "")
    if url_has_allowed_host_and_scheme(wanted, {request.get_host()}, request.is_secure()):
        return wanted
    return reverse("admin:index" if user.is_staff else "staff")
