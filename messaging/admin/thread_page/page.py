"""The messages on a conversation's page, and which of them are asked for."""

import re
from typing import Any
from uuid import UUID

from django.contrib import admin
from django.http import HttpRequest, QueryDict
from django.template.loader import render_to_string
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from messaging.admin.thread_page.bubbles import bubbles_of
from messaging.admin.thread_page.names import Named, names_of
from messaging.admin.thread_page.pending import as_pending
from messaging.conversations import thread
from messaging.conversations.pending import pending_in
from messaging.models import Conversation
from messaging.tracing.identifiers import uuid_in

LENGTH = 100  # messages
PLACE = re.compile("-?[0-9]{1,18}")


class ThreadShown(Named):
    """Has the thread as a field.

    The address says where the page stands: `?before=PLACE`, `?after=PLACE` or `?at=MESSAGE`;
    without any of them it is the newest.
    """

    def get_object(self, request: HttpRequest, object_id: str, from_field: Any = None) -> Any:
        """Return the conversation, with the request that asks for its page."""
        conversation = super().get_object(request, object_id, from_field)
        if conversation is not None:
            conversation.asked_by = request
        return conversation

    @admin.display(description=_("messages"))
    def thread(self, conversation: Any) -> SafeString:
        request = conversation.asked_by
        at = uuid_in(request.GET.get("at", ""))
        page = page_of(conversation, request.GET, at)
        reply = pending_in(conversation) if page.after is None else None
        contact, channel = names_of(conversation, conversation.shown_id)
        context = {
            "bubbles": list(bubbles_of(thread.shown(conversation, page.messages))),
            "page": page,
            "at": at,
            "contact": contact,
            "channel": channel,
            "pending": as_pending(reply) if reply else None,
            "may_send_again": request.user.has_perm("messaging.add_resend"),
        }
        return render_to_string("admin/messaging/conversation/thread.html", context)


def page_of(conversation: Conversation, asked: QueryDict, at: UUID | None) -> thread.Page:
    """Return the messages that an address asks for: the newest, where it names none that are
    here.
    """
    if at and (page := thread.around(conversation, at, LENGTH)):
        return page
    for word, page_from in (("before", thread.before), ("after", thread.after)):
        place = asked.get(word, "")
        if PLACE.fullmatch(place):
            return page_from(conversation, int(place), LENGTH)
    return thread.newest(conversation, LENGTH)
