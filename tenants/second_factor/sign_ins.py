"""Sign-ins and sign-outs of platform staff in the audit log: whoever owes the second factor is not
in yet.
"""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

from tenants import audit
from tenants.audit import Action
from tenants.second_factor.gate import owes
from tenants.web.middleware import is_back_office

View = Callable[[HttpRequest], HttpResponse]


class SignInsAndOuts:
    """Note when platform staff sign in or out, on whatever page. Stands behind SecondFactorGate."""

    def __init__(self, get_response: View) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.method != "POST" or not is_back_office(request):
            return self.get_response(request)
        before = request.user
        had = before.pk
        response = self.get_response(request)
        after = request.user
        if after.pk != had:
            if had and before.is_staff:
                audit.record(before, Action.SIGN_OUT)
            if after.is_authenticated and after.is_staff and not owes(request, after):
                audit.record(after, Action.SIGN_IN)
        return response
