"""What the checklist says of the version of the Graph API."""

import pytest
import time_machine

from whatsapp.checklist import meta_app

pytestmark = pytest.mark.whatsapp


@pytest.mark.parametrize(
    ("version", "said"),
    [
        ("v21.0", "in 54 days: set META_GRAPH_VERSION to a newer one."),
        ("v27.0", "v27.0, until a day that is not known yet"),
    ],
)
def test_a_version_is_well_until_its_end_which_is_told(settings, version, said):
    settings.META_GRAPH_VERSION = version
    with time_machine.travel("2026-11-28T12:00:00Z", tick=False):
        found = meta_app.answers_our_version()

    assert found.endswith(said) is True


def test_a_version_that_meta_has_ended_is_told(settings, gone_through):
    settings.META_GRAPH_VERSION = "v20.0"
    lines, _ = gone_through()

    assert [line for line in lines if "META_GRAPH_VERSION is one" in line] == [
        "FAIL     META_GRAPH_VERSION is one that Meta answers: Meta has ended v20.0 of the Graph"
        " API, by 2026-09-24: set META_GRAPH_VERSION to a newer one."
    ]
