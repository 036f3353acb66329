"""Connect a business: the page, Meta's way back to it, and what the page asks while it waits.

A view opens its scopes one after the other: none is open while Meta is asked.
"""

from urllib.parse import urlencode
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_GET, require_POST

from channels_app import tasks as channel_tasks
from channels_app.models import Channel
from tenants.members.memberships import Asking, Member
from tenants.scope import tenant_scope
from whatsapp.models import Signup
from whatsapp.onboarding import oauth_state
from whatsapp.onboarding.channels import KIND
from whatsapp.pages import attempts, link_views
from whatsapp.pages.asking import chosen, for_connecting, proven
from whatsapp.pages.attempts import Beginner
from whatsapp.pages.awaited import asks_meta
from whatsapp.pages.cards import named
from whatsapp.pages.connect_page import rendered, told_steps_of

LEFT = (
    "{} is disconnected. What people write to it does not arrive here any more, and nothing is sent"
    " from it; what was written so far stays. To have it back, connect it again below."
)
FREED = " Meta is being asked to free it for the WhatsApp app on a phone: that takes a few minutes."


@require_GET
@for_connecting
def connect(request: HttpRequest, asking: Asking) -> HttpResponse:
    return rendered(
        request,
        asking,
        chosen(request.GET.get("tenant", ""), asking),
        request.GET.get("signup", ""),
    )


@require_POST
@for_connecting
def begin(request: HttpRequest, asking: Asking) -> HttpResponse:
    """To Meta's own page, for browsers where its script does not run."""
    member = chosen(request.POST.get("tenant", ""), asking)
    return attempts.to_metas_page(oauth_state.make(member.tenant_id, asking.session_key))


@require_GET
def callback(request: HttpRequest) -> HttpResponseBase:
    """Back from Meta's page. Its state says whether a member went there or whoever has a link, and
    each proves it.
    """
    link_id = oauth_state.link_of(request.GET.get("state", ""))
    return link_views.callback(request, link_id) if link_id else members_callback(request)


@for_connecting
def members_callback(request: HttpRequest, asking: Asking) -> HttpResponse:
    """Who cancelled there is told so, and nothing is stored: their state can still be used."""
    if not attempts.was_left(request):
        return brought_back(request, asking)
    member, _ = proven(request.GET.get("state", ""), asking)
    messages.info(request, attempts.CANCELLED)
    return redirect(page_of(member))


@asks_meta
def brought_back(request: HttpRequest, asking: Asking) -> HttpResponse:
    """With a code, or with the reason why there is none."""
    member, nonce = proven(request.GET.get("state", ""), asking)
    beginner = Beginner(member.tenant_id, user_id=asking.user_id)
    return redirect(address_of(member, attempts.begin_on_return(request, beginner, nonce)))


@require_GET
@for_connecting
def fresh_state(request: HttpRequest, asking: Asking) -> HttpResponse:
    """For the page, when Meta's script has brought it a code."""
    member = chosen(request.GET.get("tenant", ""), asking)
    return JsonResponse(
        {"state": oauth_state.make(member.tenant_id, asking.session_key)},
        headers={"Cache-Control": "no-store"},
    )


@require_POST
@for_connecting
@asks_meta
def finish(request: HttpRequest, asking: Asking) -> HttpResponse:
    """The same from Meta's script: {state, code, event, data}; `data` is what the browser heard,
    and proves nothing.
    """
    told = attempts.handed_over(request)
    if told is None:
        return JsonResponse({"fault": attempts.NO_JSON}, status=400)
    member, nonce = proven(told.state, asking)
    beginner = Beginner(member.tenant_id, user_id=asking.user_id)
    signup = attempts.begin_by_script(told, beginner, nonce)
    return JsonResponse({"address": address_of(member, signup)})


def address_of(member: Member, signup: Signup) -> str:
    return page_of(member, signup=str(signup.id))


def page_of(member: Member, **query: str) -> str:
    return f"{reverse('connect_whatsapp')}?{urlencode({'tenant': member.slug, **query})}"


@require_GET
@for_connecting
def steps(request: HttpRequest, asking: Asking, signup_id: UUID) -> HttpResponse:
    """How far a signup is: {status, steps: [{title, state, said}]}."""
    _, signup = own(asking, signup_id)
    return JsonResponse({"status": signup.status, "steps": told_steps_of(signup)})


@require_POST
@for_connecting
def again(request: HttpRequest, asking: Asking, signup_id: UUID) -> HttpResponse:
    """Go on with a signup that failed."""
    member, signup = own(asking, signup_id)
    with tenant_scope(member.tenant_id):
        attempts.continued(request, signup)
    return redirect(address_of(member, signup))


@require_POST
@for_connecting
def disconnect(request: HttpRequest, asking: Asking, channel_id: UUID) -> HttpResponse:
    """Give a number up; with `deregister`, it may be used in the phone app again."""
    for member in asking.members:
        with tenant_scope(member.tenant_id):
            if channel := Channel.objects.filter(id=channel_id, kind=KIND).first():
                ends = request.POST.get("deregister") == "yes"
                channel_tasks.disconnect(
                    channel, by=request.user.get_username(), ends_registration=ends
                )
                messages.success(request, LEFT.format(named(channel)) + (FREED if ends else ""))
                return redirect(page_of(member))
    raise Http404


def own(asking: Asking, signup_id: UUID) -> tuple[Member, Signup]:
    for member in asking.members:
        with tenant_scope(member.tenant_id):
            if signup := Signup.objects.filter(id=signup_id).first():
                return member, signup
    raise Http404
