"""Actions of the back-office: what cannot be undone asks first, and each changed row keeps an entry
of who changed it.
"""

from collections import Counter
from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass
from functools import wraps
from typing import Any

from django.contrib import messages
from django.contrib.admin import action
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.contrib.admin.models import CHANGE, LogEntry
from django.contrib.contenttypes.models import ContentType
from django.db.models import Model, QuerySet
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse

from tenants.admin.audit.pages import note_order
from tenants.admin.base import PlatformAdmin

CONFIRMED = "confirmed"  # the field of the form that says so
NOTE = "note"


@dataclass(frozen=True, slots=True)
class Question:
    """The question before an action that cannot be undone, and its consequence. `note`: what to
    write beside it, for whom; empty: nothing. The action finds it by `note_of`.
    """

    title: str
    consequence: str
    note: str = ""
    note_length: int = 2000


Act = Callable[[Any, HttpRequest, QuerySet[Any]], Collection[Any]]
Action = Callable[[Any, HttpRequest, QuerySet[Any]], HttpResponse | None]


def order(
    description: str,
    *,
    permission: str,
    done: str,
    otherwise: str,
    noun: tuple[str, str],
    asks: Question | None = None,
) -> Callable[[Act], Action]:
    """Make an action of a list out of a method that changes the rows of a queryset and returns the
    ids of those that it changed.

    `done`: what happened to them ("sent again"); `otherwise`: why it may not happen to all; `noun`:
    one of them, and several. `asks`: the question of a page that must be confirmed first; None: the
    action can be undone, and runs at once.
    """

    def make(act: Act) -> Action:
        @action(description=description, permissions=[permission])
        @wraps(act)
        def ask_or_do(
            model_admin: PlatformAdmin, request: HttpRequest, queryset: QuerySet[Any]
        ) -> HttpResponse | None:
            ids = list(queryset.values_list("pk", flat=True))
            chosen = model_admin.get_queryset(request).filter(pk__in=ids)
            if asks and CONFIRMED not in request.POST:
                name = act.__name__
                return confirmation(model_admin, request, chosen, asks, name=name, noun=noun)
            changed = act(model_admin, request, chosen)
            keep(request, model_admin.model, changed, f"{done.capitalize()}.")
            said = f"{noun[1]} {'is' if len(changed) == 1 else 'are'} {done}."
            show_result(model_admin, request, len(changed), said, otherwise)
            return None

        return ask_or_do

    return make


def confirmation(
    model_admin: PlatformAdmin,
    request: HttpRequest,
    chosen: QuerySet[Any],
    asks: Question,
    *,
    name: str,
    noun: tuple[str, str],
) -> HttpResponse:
    """Return the page that says how many rows of which tenants are chosen, and what will happen. It
    sends the same ids to the same list.
    """
    related = model_admin.list_select_related
    rows = list(chosen.select_related(*related) if isinstance(related, list) else chosen)
    context = {
        **model_admin.admin_site.each_context(request),
        "title": asks.title,
        "opts": model_admin.model._meta,
        "media": model_admin.media,
        "action": name,
        "confirmed": CONFIRMED,
        "asks": asks,
        "note": NOTE,
        "checkbox": ACTION_CHECKBOX_NAME,
        "rows": [(row, model_admin.in_words(row)) for row in rows],
        "counted": counted(rows, noun),
        "back": request.get_full_path(),
    }
    return TemplateResponse(request, "admin/confirm_action.html", context)


def note_of(request: HttpRequest) -> str:
    """Return what was written beside a question, its lines as they are stored everywhere."""
    return request.POST.get(NOTE, "").replace("\r\n", "\n").strip()


def counted(rows: Collection[Any], noun: tuple[str, str]) -> str:
    """Return how many rows there are of which tenant: "3 messages of Acme, 1 of Globex"."""
    owners = Counter(row.tenant for row in rows if hasattr(row, "tenant"))
    if not owners:
        return f"{len(rows)} {noun[len(rows) != 1]}"
    whose = sorted(owners.items(), key=lambda item: (-item[1], item[0].slug))
    (first, count), *others = [(tenant.name or tenant.slug, count) for tenant, count in whose]
    return ", ".join(
        [
            f"{count} {noun[count != 1]} of {first}",
            *(f"{count} of {name}" for name, count in others),
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


def show_result(
    model_admin: PlatformAdmin, request: HttpRequest, changed: int, said: str, otherwise: str
) -> None:
    """Show a message with how many of the chosen rows were changed, and why the others were not."""
    chosen = len(set(request.POST.getlist(ACTION_CHECKBOX_NAME)))
    if changed == chosen:
        model_admin.message_user(request, f"{changed} of {chosen} {said}", messages.SUCCESS)
    else:
        model_admin.message_user(
            request, f"{changed} of {chosen} {said} {otherwise}", messages.WARNING
        )
