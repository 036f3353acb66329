"""A file's name means the same to who reads it and to what saves it."""

import pytest

from channels_app.content import Media
from channels_app.filenames import plain_filename
from whatsapp.webhooks.message_text import preview_of

pytestmark = pytest.mark.whatsapp

NAMES = [
    ("Rechnung 2026.pdf", "Rechnung 2026.pdf"),
    ("счёт-报价 🙂.pdf", "счёт-报价 🙂.pdf"),
    ("👩\u200d🚀.png", "👩\u200d🚀.png"),
    ("photo\u202egnp.exe", "photo_gnp.exe"),
    *(
        (f"a{chr(code)}b", "a_b")
        for code in (0x61C, 0x200E, 0x200F, *range(0x202A, 0x202F), *range(0x2066, 0x206A))
    ),
    *(
        (f"a{chr(code)}b", "a_b")
        for code in (7, 10, 13, 27, 127, 0x85, 0x9B, 0x200B, 0x2028, 0x2029, 0x2060, 0xFEFF)
    ),
    *((f"a{chr(code)}b", "a\ufffdb") for code in (0, 0xD800)),
    ("../../etc/passwd", "_.._etc_passwd"),
    ("C:\\boot.ini", "C_boot.ini"),
    ('a"b<c>d|e?f*g', "a_b_c_d_e_f_g"),
    ("\u202e\u202d\u2066", "_"),
    ("  .hidden. ", "hidden"),
    ("", ""),
    ("...", ""),
]


@pytest.mark.parametrize(("given", "shown"), NAMES, ids=ascii)
def test_what_turns_hides_or_leads_elsewhere_is_taken_out(given, shown):
    assert plain_filename(given) == shown


@pytest.mark.parametrize("given", ["photo\u202egnp.exe", "a\x00b/c"], ids=ascii)
def test_a_preview_shows_the_same_name_whoever_sent_the_file(given):
    document = {"type": "document", "document": {"id": "1", "filename": given}}
    sent = Media(kind="document", link="https://example.com/a", filename=given)

    assert {preview_of(document), sent.preview} == {f"Document: {plain_filename(given)}"}
