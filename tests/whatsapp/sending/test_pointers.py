"""Whatever is wrong, a fault leads to it: each text of a content in turn is too long or blank."""

from dataclasses import fields, is_dataclass
from typing import Any

import pytest

from channels_app import content
from tests.support.pointers import leads_nowhere, with_one_text
from tests.support.whatsapp.contents import SAMPLES, faults_of
from whatsapp.sending.compose import BUILDERS

pytestmark = pytest.mark.whatsapp

WRONG = [pytest.param("x" * 50_000, id="too long"), pytest.param(" ", id="blank")]


def holds(pointer: str, other: str) -> bool:
    return other.startswith(f"{pointer}/")


def filled(value: Any) -> set[tuple[type, str]]:
    """The fields, at any depth, that have a value."""
    if isinstance(value, tuple):
        return {each for inner in value for each in filled(inner)}
    named = fields(value) if is_dataclass(value) else ()
    given = {each.name: inner for each in named if (inner := getattr(value, each.name))}
    within = {each for inner in given.values() for each in filled(inner)}
    return within | {(type(value), name) for name in given}


def test_the_samples_have_every_field_of_every_kind_and_no_faults():
    every = [kind for kind in vars(content).values() if is_dataclass(kind)]

    assert {type(sample) for sample in SAMPLES} == set(BUILDERS)
    assert filled(tuple(SAMPLES)) == {(kind, each.name) for kind in every for each in fields(kind)}
    assert [faults_of(sample) for sample in SAMPLES if faults_of(sample)] == []


@pytest.mark.parametrize("wrong", WRONG)
@pytest.mark.parametrize("sample", SAMPLES, ids=lambda sample: type(sample).__name__)
def test_a_text_that_is_wrong_is_what_its_faults_point_at(sample, wrong):
    for pointer, text, changed in with_one_text(sample, wrong):
        faults = faults_of(changed)
        pointed = {fault.pointer for fault in faults}

        assert leads_nowhere(changed, faults) == []
        if text:
            assert pointed == {pointer}
        else:  # beside it, what cannot stand together is the fault of what holds it
            assert {each for each in pointed if not holds(each, pointer)} == {pointer}
