"""A file goes with its message, from storage and from the database; one that a message still has
stays.
"""

import json

import pytest
from django.core.files.storage import default_storage
from django.core.management import call_command

from messaging.models import Media
from tenants.scope import operator_scope
from tests.messaging.media.outgoing import picture, said, say, through

pytestmark = pytest.mark.whatsapp


def purge(capsys) -> dict:
    call_command("purge", messages=0)
    return json.loads(capsys.readouterr().out.splitlines()[-1])


def names() -> list[str]:
    with operator_scope():
        return sorted(Media.objects.values_list("file", flat=True))


def test_it_goes_with_its_message_and_with_its_upload(
    acme, ada, catalogue, photo, sends_photo, work, jobs, graph, capsys, db_rows
):
    sends_photo()
    jobs()
    say(ada, picture(catalogue, "Here it is"))
    through(work, jobs)
    before = names()
    assert [default_storage.exists(name) for name in before] == [True, True]

    assert purge(capsys)["files"] == 2
    assert [default_storage.exists(name) for name in before] == [False, False]
    assert (
        names(),
        db_rows.execute("SELECT count(*) FROM messaging.media_uploads").fetchone(),
    ) == ([], (0,))


def test_it_stays_as_long_as_a_message_that_waits_has_it(acme, ada, catalogue, work, capsys):
    say(ada, picture(catalogue, "Here it is"))
    work()

    assert (purge(capsys)["files"], said(acme)) == (0, [("Here it is", "held")])
    assert [default_storage.exists(name) for name in names()] == [True]
