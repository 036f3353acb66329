"""A fault is its sentence wherever a sentence is wanted, and tells where and what it is."""

import copy
import json
import pickle
from uuid import UUID

import pytest

from channels_app.content import (
    Button,
    Buttons,
    Card,
    Carousel,
    Fault,
    FaultCode,
    Media,
    StoredFile,
    Template,
    TemplateBody,
    TemplateHeader,
    TextValue,
    Unsendable,
    files_of,
)

BLOCKED = Fault("They are blocked.", code=FaultCode.CONTACT_BLOCKED)
TOO_LONG = Fault("It is too long.", "/buttons/1/title")
FILE = StoredFile(id=UUID(int=1), mime_type="image/jpeg", size=9)
PHOTO = Media(kind="image", file=FILE)


def told(fault: Fault) -> tuple[str, str, str]:
    return str(fault), fault.pointer, fault.code


def test_a_fault_is_of_the_content_as_a_whole_unless_it_says_where():
    assert told(Fault("No.")) == ("No.", "", "invalid")
    assert told(TOO_LONG) == ("It is too long.", "/buttons/1/title", "invalid")
    assert told(BLOCKED) == ("They are blocked.", "", "contact_blocked")


def test_a_fault_is_its_sentence():
    assert (TOO_LONG, hash(TOO_LONG)) == ("It is too long.", hash("It is too long."))
    assert " ".join([BLOCKED, TOO_LONG]) == "They are blocked. It is too long."
    assert json.dumps([TOO_LONG, BLOCKED.code]) == '["It is too long.", "contact_blocked"]'


def test_a_fault_does_not_change():
    for name in ("pointer", "code", "other"):
        with pytest.raises(AttributeError):
            setattr(TOO_LONG, name, "/body")

    assert told(TOO_LONG) == ("It is too long.", "/buttons/1/title", "invalid")


@pytest.mark.parametrize("protocol", range(pickle.HIGHEST_PROTOCOL + 1))
def test_a_copy_of_a_fault_or_of_a_refusal_tells_the_same(protocol):
    refusal = pickle.loads(pickle.dumps(Unsendable(TOO_LONG, BLOCKED), protocol))  # noqa: S301

    for faults in (refusal.faults, copy.copy([*refusal.faults]), copy.deepcopy(refusal.faults)):
        assert [told(fault) for fault in faults] == [told(TOO_LONG), told(BLOCKED)]


def test_a_refusal_says_all_its_faults_and_a_plain_sentence_is_one():
    refusal = Unsendable("One.", TOO_LONG)

    assert str(refusal) == "One. It is too long."
    assert [told(fault) for fault in refusal.faults] == [("One.", "", "invalid"), told(TOO_LONG)]


@pytest.mark.parametrize(
    ("content", "pointers"),
    [
        pytest.param(Media(kind="image", external_id="1"), [], id="none"),
        pytest.param(PHOTO, ["/file"], id="media"),
        pytest.param(
            Buttons(header=PHOTO, body="Hi", buttons=(Button(id="1", title="A"),)),
            ["/header/file"],
            id="a header",
        ),
        pytest.param(
            Carousel(body="Hi", cards=(Card(media=PHOTO),) * 2),
            ["/cards/0/media/file", "/cards/1/media/file"],
            id="cards",
        ),
        pytest.param(
            Template(
                name="hello",
                language="en",
                components=(
                    TemplateBody(values=(TextValue(text="Ada"),)),
                    TemplateHeader(values=(PHOTO,)),
                ),
            ),
            ["/components/1/values/0/file"],
            id="a template's header",
        ),
    ],
)
def test_the_files_of_a_content_are_found_where_they_stand(content, pointers):
    assert files_of(content) == dict.fromkeys(pointers, FILE)
