"""Pages for one's own password: changing it, and choosing a new one with a link from a mail."""

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import views
from django.http import HttpResponse
from django.urls import reverse_lazy
from django.utils.translation import gettext as _
from django.views.generic import TemplateView

from tenants import audit
from tenants.passwords import TooManyChecks, one_of_a_few
from tenants.web.password_forms import ChangeForm, ChooseForm, ForgottenForm
from tenants.web.sign_in import BUSY, refused


class Hashing:
    """A view whose form sets a password: one of a few at once, else the page answers 503 and says
    so.
    """

    def form_valid(self, form: Any) -> HttpResponse:
        try:
            with one_of_a_few():
                response: HttpResponse = super().form_valid(form)  # type: ignore[misc]
        except TooManyChecks:
            form.add_error(None, refused(self.request, BUSY))  # type: ignore[attr-defined]
            return self.form_invalid(form)  # type: ignore[attr-defined]
        audit.record_own(form.user, "password")
        return response


class Change(Hashing, views.PasswordChangeView):
    """Change one's password. The other sessions end: each holds a hash that the new password does
    not give.
    """

    form_class = ChangeForm
    template_name = "staff/password.html"
    success_url = reverse_lazy("staff")

    def get_form_kwargs(self) -> dict[str, Any]:
        return {**super().get_form_kwargs(), "request": self.request}

    def form_valid(self, form: Any) -> HttpResponse:
        response = super().form_valid(form)
        if response.status_code == 302:
            messages.success(
                self.request,
                _(
                    "Your password is changed. Wherever else you were signed in, you are not"
                    " any more."
                ),
            )
        return response


class Forgotten(views.PasswordResetView):
    form_class = ForgottenForm
    template_name = "staff/password_forgotten.html"
    success_url = reverse_lazy("staff_password_asked")

    def get_context_data(self, **context: Any) -> dict[str, Any]:
        return super().get_context_data(can_mail=settings.EMAIL_IS_CONFIGURED, **context)

    def form_valid(self, form: Any) -> HttpResponse:
        """Ask for the mail; where no mail is sent, the page says whom to ask instead."""
        return super().form_valid(form) if settings.EMAIL_IS_CONFIGURED else self.form_invalid(form)


class Asked(TemplateView):
    """The page after the question, the same for every address."""

    template_name = "staff/password_asked.html"


class Choose(Hashing, views.PasswordResetConfirmView):
    form_class = ChooseForm
    template_name = "staff/password_choose.html"
    success_url = reverse_lazy("staff_sign_in")

    def form_valid(self, form: Any) -> HttpResponse:
        response = super().form_valid(form)
        if response.status_code == 302:
            messages.success(self.request, _("Your password is changed. Sign in with it."))
        return response
