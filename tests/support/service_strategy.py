"""A strategy that asks a service over HTTP for each answer. CONTRIBUTING.md shows it."""

import json
from typing import Any, ClassVar

from django import forms
from django.conf import settings
from django.utils.functional import Promise

from channels_app.http import safe_http
from messaging.models import Message
from messaging.replies import HandOver, Later, Question, Said

SECONDS = 20
MOST_BYTES = 64 * 1024


class ServiceForm(forms.Form):
    url = forms.URLField(label="Address of the service", assume_scheme="https")
    key = forms.CharField(label="Key of it", required=False, widget=forms.PasswordInput)


class AsksAService:
    """POSTs the conversation to a service, and says what it answers: {"text": ...}, or
    {"hand_over": ...} with a note for people.
    """

    name: ClassVar[str] = "service"
    label: ClassVar[str | Promise] = "A service answers"
    form: ClassVar[type[forms.Form]] = ServiceForm

    def __init__(self, given: dict[str, Any]) -> None:
        self.url, self.key = given["url"], given.get("key", "")

    def reply_to(self, message: Message) -> Later:
        return Later()

    def answer(self, question: Question) -> Said:
        lines = [{"by": line.by, "text": line.text} for line in question.lines]
        body = json.dumps({"id": str(question.id), "lines": lines}).encode()
        with safe_http.request(
            "POST",
            self.url,
            seconds=SECONDS,
            headers={"Content-Type": "application/json", "Authorization": f"Bearer {self.key}"},
            body=body,
            exempt=settings.WEBHOOK_ALLOWED_HOSTS,
        ) as answer:
            answer.raise_for_status()
            said = json.loads(answer.raw.read(MOST_BYTES))
        return HandOver(said["hand_over"]) if "hand_over" in said else said["text"]
