"""Connect a number by a link, without an account: the link itself, the page in the place of the
members' one, and what that asks.

Whoever has the link connects one number for its tenant and sees how that goes; nothing else is
there for them.
"""

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_GET, require_POST, require_safe

from tenants.connect_links import browsers, opening
from tenants.scope import tenant_scope
from whatsapp.models import Signup
from whatsapp.onboarding.channels import KIND
from whatsapp.pages import attempts
from whatsapp.pages.awaited import asks_meta
from whatsapp.pages.connect_page import rendered_for_holder, shown, told_steps_of
from whatsapp.pages.holding import Holder, check_open, for_holders, nonce_of
from whatsapp.pages.link_ends import UNKNOWN, end_of, ended


@require_safe
def link(request: HttpRequest, token: str) -> HttpResponse:
    """Bind the browser to the link and go to a page whose address does not hold it, so that neither
    Meta nor the return address learns it. Nothing is used up.
    """
    link_id = opening.read(token)
    found = opening.find(link_id, KIND) if link_id else None
    end = end_of(found) if found else UNKNOWN
    if found is None or end:
        response = ended(request, end or UNKNOWN)
    else:
        response = redirect("connect_whatsapp_holder", link_id=found.id)
        browsers.bind(request, response, found)
    response["Referrer-Policy"] = "no-referrer"
    return response


@require_safe
@for_holders
def connect(request: HttpRequest, holder: Holder) -> HttpResponse:
    """How the signup that is asked for goes, whatever became of the link; else what can be done
    with an open link.
    """
    asked = request.GET.get("signup", "")
    with tenant_scope(holder.link.tenant_id):
        signup = shown(Signup.objects.filter(link=holder.link.id), asked)
    if not asked or signup is None:
        check_open(holder)
    is_seen = request.method == "GET" and "prefetch" not in request.headers.get("Sec-Purpose", "")
    if is_seen:
        opening.note_opened(holder.link)
    return rendered_for_holder(request, holder, signup)


@require_POST
@for_holders
def begin(request: HttpRequest, holder: Holder) -> HttpResponse:
    check_open(holder)
    return attempts.to_metas_page(holder.make_state())


@for_holders
def callback(request: HttpRequest, holder: Holder) -> HttpResponse:
    """Back from Meta's page, as with a member."""
    if not attempts.was_left(request):
        return brought_back(request, holder)
    nonce_of(request.GET.get("state", ""), holder)
    messages.info(request, attempts.CANCELLED)
    return redirect(holder.page())


@asks_meta
def brought_back(request: HttpRequest, holder: Holder) -> HttpResponse:
    nonce = nonce_of(request.GET.get("state", ""), holder)
    signup = attempts.begin_on_return(request, holder.beginner, nonce)
    return redirect(holder.page_of(signup))


@require_GET
@for_holders
def fresh_state(request: HttpRequest, holder: Holder) -> HttpResponse:
    check_open(holder)
    return JsonResponse({"state": holder.make_state()}, headers={"Cache-Control": "no-store"})


@require_POST
@for_holders
@asks_meta
def finish(request: HttpRequest, holder: Holder) -> HttpResponse:
    told = attempts.handed_over(request)
    if told is None:
        return JsonResponse({"fault": attempts.NO_JSON}, status=400)
    signup = attempts.begin_by_script(told, holder.beginner, nonce_of(told.state, holder))
    return JsonResponse({"address": holder.page_of(signup)})


@require_GET
@for_holders
def steps(request: HttpRequest, holder: Holder, signup_id: UUID) -> HttpResponse:
    with tenant_scope(holder.link.tenant_id):
        signup = own(holder, signup_id)
    return JsonResponse({"status": signup.status, "steps": told_steps_of(signup)})


@require_POST
@for_holders
def again(request: HttpRequest, holder: Holder, signup_id: UUID) -> HttpResponse:
    check_open(holder)
    with tenant_scope(holder.link.tenant_id):
        signup = own(holder, signup_id)
        attempts.continued(request, signup)
    return redirect(holder.page_of(signup))


def own(holder: Holder, signup_id: UUID) -> Signup:
    """An attempt by this link. Within the tenant's scope."""
    signup = Signup.objects.filter(id=signup_id, link=holder.link.id).first()
    if signup is None:
        raise Http404
    return signup
