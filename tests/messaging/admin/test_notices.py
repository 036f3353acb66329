"""Notices of a provider in a conversation, in the reader's language."""

import pytest
from django.utils.translation import override

from messaging.admin.thread_page.notices import in_words


@pytest.mark.parametrize(
    ("stored", "german"),
    [
        (
            "The conversation was passed to us (previous owner: AI agent, new owner: partner).",
            "Das Gespräch wurde an uns übergeben (bisher: KI-Agent, jetzt: Partner).",
        ),
        (
            "Another responder took the conversation (new owner: human desk).",
            "Eine andere Stelle hat das Gespräch übernommen (jetzt: human desk).",
        ),
        (
            "Another responder took the conversation.",
            "Eine andere Stelle hat das Gespräch übernommen.",
        ),
        ("Call of 3 min 20 s", "Call of 3 min 20 s"),
        ("The group (Tea (green)) was renamed.", "The group (Tea (green)) was renamed."),
        ("Nothing: : is told (, : ).", "Nothing: : is told (, : )."),
    ],
)
@pytest.mark.whatsapp
def test_a_notice_is_told_in_the_readers_language_as_far_as_its_words_are_known(stored, german):
    with override("de"):
        assert in_words(stored) == german
    with override("en"):
        assert in_words(stored) == stored
