"""A file's name ends as its type does, for every type that WhatsApp takes and on every machine."""

import mimetypes

import pytest

from whatsapp.media.filenames import ENDINGS, handed_over, shown
from whatsapp.sending.bodies.media import RULES

pytestmark = pytest.mark.whatsapp

WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
SHEET = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
SLIDES = "application/vnd.openxmlformats-officedocument.presentationml.presentation"


@pytest.mark.parametrize(
    ("mime_type", "ending"),
    [
        *(("image/jpeg", ".jpg"), ("image/png", ".png"), ("image/webp", ".webp")),
        *(("video/mp4", ".mp4"), ("video/3gpp", ".3gp")),
        *(
            ("audio/aac", ".aac"),
            ("audio/amr", ".amr"),
            ("audio/mpeg", ".mp3"),
            ("audio/mp4", ".m4a"),
            ("audio/ogg", ".ogg"),
        ),
        *(("application/pdf", ".pdf"), ("text/plain", ".txt"), ("text/csv", ".csv")),
        *(
            ("application/msword", ".doc"),
            ("application/vnd.ms-excel", ".xls"),
            ("application/vnd.ms-powerpoint", ".ppt"),
        ),
        *((WORD, ".docx"), (SHEET, ".xlsx"), (SLIDES, ".pptx")),
        *(
            ("application/zip", ".zip"),
            ("text/html; charset=utf-8", ".html"),
            (" Audio/OGG ; codecs=opus", ".ogg"),
        ),
    ],
)
def test_a_name_without_an_ending_gets_its_types(mime_type, ending):
    assert [handed_over(name, mime_type) for name in ("plans", "voice-note.exe", "Dr. Smith")] == [
        f"plans{ending}",
        f"voice-note{ending}",
        f"Dr. Smith{ending}",
    ]


def test_every_type_that_whatsapp_takes_has_its_ending_in_the_table():
    assert {each for rule in RULES.values() for each in rule.types} - set(ENDINGS) == set()


@pytest.mark.parametrize(
    ("mime_type", "ending"),
    [(each, ending) for each, endings in ENDINGS.items() for ending in endings],
)
def test_a_right_ending_stays_in_any_of_its_spellings(mime_type, ending):
    assert [handed_over(f"a.b{each}", mime_type) for each in (ending, ending.upper())] == [
        f"a.b{ending}",
        f"a.b{ending.upper()}",
    ]


@pytest.mark.parametrize(
    "mime_type", ["application/octet-stream", "application/x-nobody-knows", "text", ""]
)
@pytest.mark.parametrize("name", ["plans", "plans.dwg", "", ".pdf", "a.mp4"])
def test_a_type_that_says_nothing_changes_no_name(mime_type, name):
    assert (handed_over(name, mime_type), shown(name, mime_type)) == (name, name)


@pytest.mark.parametrize(
    ("name", "mime_type", "handed"),
    [
        ("", "audio/ogg; codecs=opus", "audio.ogg"),
        ("", "image/webp", "image.webp"),
        ("", "application/pdf", "document.pdf"),
        (".pdf", "application/pdf", "document.pdf"),
        (".PDF", "application/pdf", "document.PDF"),
        (".mp4", "audio/ogg", "audio.ogg"),
        ("...", "video/mp4", "video.mp4"),
        ("  ", "text/csv", "document.csv"),
        ("plans. ", "application/pdf", "plans.pdf"),
        ("plans..pdf", "application/pdf", "plans.pdf"),
        ("plans.pdf.docx", "application/pdf", "plans.pdf.pdf"),
        ("plans.v2", "application/pdf", "plans.v2.pdf"),
        ("plans\u202efdp.exe", "application/pdf", "plansfdp.pdf"),
        ("\u2066plans\u2069.pdf\u200f", "application/pdf", "plans.pdf"),
        ("plans\r\n.pdf", "application/pdf", "plans.pdf"),
        ("Rechnung März.PDF", "application/pdf", "Rechnung März.PDF"),
        ("x" * 300, "application/pdf", f"{'x' * 196}.pdf"),
        ("é" * 300 + ".pdf", "application/pdf", f"{'é' * 98}.pdf"),
    ],
)
def test_odd_names_become_names(name, mime_type, handed):
    assert handed_over(name, mime_type) == handed


def test_what_this_machine_thinks_of_a_type_does_not_matter(monkeypatch):
    monkeypatch.setattr(mimetypes, "_db", None)
    mimetypes.add_type("audio/ogg", ".wrong")
    mimetypes.add_type("application/zip", ".wrong")

    assert [handed_over("a", each) for each in ("audio/ogg", "application/zip")] == [
        "a.ogg",
        "a.zip",
    ]


@pytest.mark.parametrize(
    ("name", "read"),
    [
        ("Plans", "Plans.pdf"),
        ("Dr. Smith", "Dr. Smith.pdf"),
        ("a.doc", "a.doc"),
        ("a.PDF", "a.PDF"),
        ("", ""),
        ("  ", "  "),
    ],
)
def test_a_person_reads_the_name_as_it_was_given_with_an_ending_where_there_is_none(name, read):
    assert shown(name, "application/pdf") == read
