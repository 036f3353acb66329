"""Everything that pages say has a German, and it is the German that is compiled."""

import json
import re
from pathlib import Path

import pytest
from django.contrib import admin

from tests.support import translations

pytestmark = pytest.mark.whatsapp  # its words are in the catalogue, too

GETTEXT = re.compile(r"\bn?gettext\(\s*(['\"])(.*?)\1")
PLACEHOLDER = re.compile(r"%(?:\(\w+\))?[sd]|\{\w*\}|</?\w+>")


def forms(text: str | tuple[str, ...]) -> tuple[str, ...]:
    return (text,) if isinstance(text, str) else text


def placeholders(text: str | tuple[str, ...]) -> list[list[str]]:
    return [sorted(PLACEHOLDER.findall(form)) for form in forms(text)]


def test_every_text_of_the_pages_has_a_german_and_nothing_else_has():
    found, known = translations.texts(), translations.german()
    wanted = {(each.context, each.id) for each in found if each.id}

    assert {(each.context, each.id) for each in known if each.id} == wanted, "make messages"
    missing = [each.id for each in known if each.id and (each.fuzzy or not all(forms(each.string)))]
    assert (missing, len(wanted) > 300) == ([], True)


def test_a_german_text_has_the_placeholders_of_the_english_one():
    texts = [each for each in translations.german() if each.id]

    assert [each.id for each in texts if placeholders(each.id) != placeholders(each.string)] == []


def test_what_djangos_own_scripts_say_is_german_too(root):
    folder = Path(admin.__file__).parent / "static/admin/js"
    said = {
        words.replace('\\"', '"')
        for path in folder.glob("*.js")
        for _quote, words in GETTEXT.findall(path.read_text())
    }
    answer = root.get("/admin/jsi18n/", headers={"Accept-Language": "de"}).content.decode()
    known = json.loads(answer.split("const newcatalog = ")[1].split(";\n")[0])

    assert said - known.keys() - {"Filter"} == set()
    assert len(said) > 20
    assert translations.compiled(translations.german(translations.SCRIPTS)) == (
        translations.SCRIPTS.with_suffix(".mo").read_bytes()
    )


def test_what_is_compiled_is_what_was_translated():
    compiled = translations.COMPILED.read_bytes()

    assert translations.compiled(translations.german()) == compiled, "make messages"
