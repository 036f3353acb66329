"""What is nearly a webhook of Meta's: recorded bodies, mutated. The long form is `make fuzz`."""

import pytest

from tests.support.whatsapp import corpus
from tests.whatsapp.webhooks.fuzz import PROMISES, no_item_is_lost, tries
from tests.whatsapp.webhooks.mutated import MARKED, marks_in

pytestmark = pytest.mark.whatsapp

TRIES = 300


@pytest.mark.parametrize(
    ("promise", "bodies"), PROMISES, ids=lambda each: getattr(each, "__name__", "")
)
def test_the_parser_keeps_its_promise_over_mutated_bodies(promise, bodies):
    tries(promise, bodies, TRIES)


def test_without_a_mutation_every_item_is_there_too():
    for payload in MARKED:
        no_item_is_lost(payload)

    assert sum(len(marks_in(payload)) for payload in MARKED) >= len(corpus.CASES)
