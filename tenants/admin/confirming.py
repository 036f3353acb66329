"""Actions of the back-office: what cannot be undone asks first, and each changed row keeps an entry
of who changed it.
"""

from collections import Counter
from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass
from functools import wraps
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from django.contrib import messages
from django.contrib.admin import action
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.contrib.admin.models import CHANGE, LogEntry
from django.contrib.contenttypes.models import ContentType
from django.db.models import Model, QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.html import format_html
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext, ngettext, override

from tenants.admin.audit.pages import note_order
from tenants.admin.base import CAME_FROM, PlatformAdmin

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise

    Words = str | _StrPromise

CONFIRMED = "confirmed"  # the field of the form that says so
TYPED = "typed"
NOTE = "note"
PLACE_OF_ROW = "{row}"
LARGE = 20  # rows; whoever orders something for more of them types how many they are


@dataclass(frozen=True, slots=True)
class Question:
    """The question before an action that cannot be undone, about one row and about several (empty:
    in the same words), and its consequence. `note`: what to write beside it, for whom; empty:
    nothing. The action finds it by `note_of`.
    """

    title: "Words"
    consequence: "Words"
    of_several: "Words" = ""
    note: "Words" = ""
    note_length: int = 2000


Act = Callable[[Any, HttpRequest, QuerySet[Any]], Collection[Any]]
Action = Callable[[Any, HttpRequest, QuerySet[Any]], HttpResponse | None]


def order(
    description: "Words",
    *,
    permission: str,
    done: "Words",
    otherwise: "Words",
    noun: "tuple[Words, Words]",
    asks: Question | None = None,
    fits: Callable[[QuerySet[Any]], "Words"] | None = None,
) -> Callable[[Act], Action]:
    """Make an action of a list out of a method that changes the rows of a queryset and returns the
    ids of those that it changed.

    `done`: what happened to them ("sent again"); `otherwise`: why it may not happen to all; `noun`:
    one of them, and several. `asks`: the question of a page that must be confirmed first; None: the
    action can be undone, and runs at once. `fits`: returns why the action is not for these rows, or
    nothing.
    """

    def make(act: Act) -> Action:
        @action(description=description, permissions=[permission])
        @wraps(act)
        def ask_or_do(
            model_admin: PlatformAdmin, request: HttpRequest, queryset: QuerySet[Any]
        ) -> HttpResponse | None:
            ids = list(queryset.values_list("pk", flat=True))
            chosen = model_admin.get_queryset(request).filter(pk__in=ids)
            if fits and (why_not := fits(chosen)):
                model_admin.message_user(request, str(why_not), messages.ERROR)
                return back(request)
            if asks and not is_confirmed(request):
                return confirmation(model_admin, request, chosen, asks, act.__name__, noun=noun)
            changed = act(model_admin, request, chosen)
            keep(request, model_admin.model, changed, in_the_log(done))
            show_result(model_admin, request, len(changed), noun=noun, done=done, more=otherwise)
            return back(request)

        return ask_or_do

    return make


def number_chosen(request: HttpRequest) -> int:
    return len(set(request.POST.getlist(ACTION_CHECKBOX_NAME)))


def is_confirmed(request: HttpRequest) -> bool:
    """Return whether Confirm was pressed, and of a large order the number of its rows typed."""
    number = number_chosen(request)
    return CONFIRMED in request.POST and (number <= LARGE or is_typed(request, number))


def is_typed(request: HttpRequest, number: int) -> bool:
    """Return whether the number was typed that the page has said, and is still right."""
    return request.POST.get(TYPED, "").strip() == str(number)


def came_from(request: HttpRequest) -> str:
    """Return the page of ours on which the action was chosen; empty: its list. `{row}` in the
    address stands for the row that was chosen there.
    """
    chosen = request.POST.get(ACTION_CHECKBOX_NAME, "")
    address = request.POST.get(CAME_FROM, "").replace(PLACE_OF_ROW, quote(chosen, safe=""))
    return address if url_has_allowed_host_and_scheme(address, allowed_hosts=None) else ""


def back(request: HttpRequest) -> HttpResponse | None:
    """Lead to the page on which the action was chosen. None: the list does so by itself."""
    address = came_from(request)
    return HttpResponseRedirect(address) if address else None


def confirmation(
    model_admin: PlatformAdmin,
    request: HttpRequest,
    chosen: QuerySet[Any],
    asks: Question,
    name: str,
    *,
    noun: "tuple[Words, Words]",
) -> HttpResponse:
    """Return the page that says how many rows of which tenants are chosen, and what will happen. It
    sends the same ids to the same list.
    """
    related = model_admin.list_select_related
    rows = list(chosen.select_related(*related) if isinstance(related, list) else chosen)
    context = {
        **model_admin.admin_site.each_context(request),
        "title": (len(rows) > 1 and asks.of_several) or asks.title,
        "opts": model_admin.model._meta,
        "media": model_admin.media,
        "action": name,
        "confirmed": CONFIRMED,
        "asks": asks,
        "note": NOTE,
        "noted": note_of(request),
        "typed": TYPED if len(rows) > LARGE else "",
        "is_mistyped": CONFIRMED in request.POST,
        "checkbox": ACTION_CHECKBOX_NAME,
        "rows": [(row, model_admin.in_words(row)) for row in rows],
        "counted": counted(rows, noun),
        "came_from": CAME_FROM,
        "back": came_from(request) or request.get_full_path(),
    }
    return TemplateResponse(request, "admin/confirm_action.html", context)


def note_of(request: HttpRequest) -> str:
    """Return what was written beside a question, its lines as they are stored everywhere."""
    return request.POST.get(NOTE, "").replace("\r\n", "\n").strip()


def counted(rows: Collection[Any], noun: "tuple[Words, Words]") -> str:
    """Return how many rows there are of which tenant: "3 messages of Acme, 1 of Globex"."""
    owners = Counter(row.tenant for row in rows if hasattr(row, "tenant"))
    if not owners:
        return f"{len(rows)} {noun[len(rows) != 1]}"
    whose = sorted(owners.items(), key=lambda item: (-item[1], item[0].slug))
    (first, count), *others = [(tenant.name or tenant.slug, count) for tenant, count in whose]
    words = {"count": count, "noun": noun[count != 1], "tenant": first}
    return ", ".join(
        [
            gettext("{count} {noun} of {tenant}").format(**words),
            *(
                gettext("{count} of {tenant}").format(count=count, tenant=name)
                for name, count in others
            ),
        ]
    )


def keep(request: HttpRequest, model: type[Model], ids: Iterable[Any], said: str) -> None:
    """Add an entry to the history of each row, and to the audit log. Both name ids alone: they are
    read without the right to see tenants' data.
    """
    ids = list(ids)
    note_order(request, model, ids, said)
    content_type = ContentType.objects.get_for_model(model)
    LogEntry.objects.bulk_create(
        LogEntry(
            user_id=str(request.user.pk),
            content_type=content_type,
            object_id=str(id),
            object_repr=f"{model._meta.verbose_name} {id}",
            action_flag=CHANGE,
            change_message=said,
        )
        for id in ids
    )


def in_the_log(done: "Words") -> str:
    """Return what was done as the history says it, whichever language the page was in."""
    with override("en"):
        return f"{str(done).capitalize()}."


def show_result(
    model_admin: PlatformAdmin,
    request: HttpRequest,
    changed: int,
    *,
    noun: "tuple[Words, Words]",
    done: "Words",
    more: "Words",
) -> None:
    """Show a message with how many of the chosen rows were changed; `more`: why the others were
    not. One row that a list changed at once may be gone from it by its filters: a link leads there.
    """
    chosen = number_chosen(request)
    said = ngettext(
        "{changed} of {chosen} {nouns} is {done}.",
        "{changed} of {chosen} {nouns} are {done}.",
        changed,
    ).format(changed=changed, chosen=chosen, nouns=noun[1], done=done)
    if changed == chosen == 1 and not came_from(request):
        opts, row = model_admin.opts, request.POST[ACTION_CHECKBOX_NAME]
        address = reverse(f"admin:{opts.app_label}_{opts.model_name}_change", args=[row])
        said = format_html('{} <a href="{}">{}</a>', said, address, gettext("Open its page"))
    if changed == chosen:
        model_admin.message_user(request, said, messages.SUCCESS)
    else:
        model_admin.message_user(request, f"{said} {more}", messages.WARNING)
