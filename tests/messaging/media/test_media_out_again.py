"""A file that could not be uploaded: tried again, or its messages fail with a sentence; nothing
waits in silence.
"""

from io import StringIO

import pytest
from django.core.management import call_command

from channels_app.content import Text
from channels_app.models import Channel
from messaging.media import refused_uploads
from messaging.models import Message
from tenants.scope import operator_scope
from tests.messaging.media.outgoing import picture, said, say, through
from tests.support.logged import logged
from tests.support.outcomes import count
from tests.support.photos import make_due, waits
from tests.support.whatsapp.channel import connect

pytestmark = [pytest.mark.whatsapp, pytest.mark.usefixtures("all_told")]

REFUSED = (
    "The media could not be uploaded: check its type and its size. (Graph error 131053: (#131053)"
    " Refused by the stand-in)"
)


def test_an_upload_that_meta_refuses_fails_its_messages_with_a_sentence_and_the_next_one_leaves(
    acme, ada, catalogue, work, jobs, graph
):
    graph.upload_script.append({"code": 131053})
    say(ada, picture(catalogue, "one"), picture(catalogue, "two"), Text(body="three"))
    through(work, jobs)

    assert said(acme) == [("one", "failed"), ("two", "failed"), ("three", "accepted")]
    with operator_scope():
        assert set(Message.objects.filter(status="failed").values_list("error", flat=True)) == {
            REFUSED
        }

    say(ada, picture(catalogue, "four"))  # asked for at once, not after ten minutes
    through(work, jobs)
    assert (said(acme)[-1], len(graph.uploads)) == (("four", "accepted"), 1)


def test_messages_that_fail_with_their_file_are_logged_and_told_however_many_they_are(
    acme, ada, catalogue, work, jobs, graph, db_rows, caplog, monkeypatch
):
    monkeypatch.setattr(refused_uploads, "AT_ONCE", 1)
    graph.upload_script.append({"code": 131053})
    say(ada, picture(catalogue, "one"), picture(catalogue, "two"))
    through(work, jobs)

    told = [data for type, _, _, data in logged(db_rows, acme) if type == "message.failed"]
    with operator_scope():
        ids = [str(each.id) for each in Message.objects.filter(status="failed").order_by("id")]
    assert (len(ids), [data["message_id"] for data in told]) == (2, ids)
    failures = [each for each in caplog.messages if "failed (code none)" in each]
    assert [id in line for id, line in zip(ids, failures, strict=True)] == [True, True]


def test_an_upload_that_fails_for_now_is_tried_again_and_its_message_waits(
    acme, ada, catalogue, work, jobs, graph, db_rows
):
    graph.upload_script.extend(
        [{"code": 131000, "http": 500}, {"code": 80007, "headers": {"Retry-After": "60"}}]
    )
    say(ada, picture(catalogue))
    work()
    work()
    jobs()
    assert (said(acme), [0 < wait <= 3 for wait in waits(db_rows)]) == ([("", "held")], [True])
    make_due(db_rows)
    jobs()
    assert (said(acme), [50 < wait <= 60 for wait in waits(db_rows)]) == ([("", "held")], [True])

    make_due(db_rows)
    jobs()
    work()
    assert (said(acme), count(db_rows, "media_uploads")) == ([("", "accepted")], 1)


def test_a_dead_token_parks_the_channel_and_the_picture_leaves_with_a_new_one(
    acme, acme_whatsapp, ada, catalogue, work, jobs, graph, db_rows
):
    graph.upload_script.append({"code": 190, "http": 401})
    say(ada, picture(catalogue))
    work()
    work()
    jobs()
    work()
    with operator_scope():
        assert Channel.objects.get().status == "needs_reauth"
    assert (said(acme), graph.uploads) == ([("", "held")], [])

    connect(acme, acme_whatsapp.external_id, acme_whatsapp.account_id, "new")
    make_due(db_rows)
    jobs()
    work()
    assert (said(acme), [each["token"] for each in graph.uploads]) == ([("", "accepted")], ["new"])


def test_a_file_that_is_gone_from_storage_fails_its_message_with_a_sentence(
    acme, ada, catalogue, work, jobs, graph, tmp_path
):
    (tmp_path / catalogue.file.name).unlink()
    say(ada, picture(catalogue))
    through(work, jobs)

    with operator_scope():
        message = Message.objects.get(direction="outbound")
    assert (message.status, message.error) == ("failed", "The file is no longer in our storage.")


def test_an_upload_that_fails_on_rests_after_six_tries_and_is_asked_for_while_a_message_waits(
    acme, ada, catalogue, work, jobs, graph, db_rows
):
    graph.upload_script.extend([{"http": 502}] * 9)
    say(ada, picture(catalogue))
    work()
    work()
    for _ in range(8):
        jobs()
        make_due(db_rows)
    assert (len(graph.upload_script), waits(db_rows), said(acme)) == (9 - 6, [], [("", "held")])

    graph.upload_script.clear()
    through(work, jobs)
    assert (graph.uploads, said(acme)) == ([], [("", "held")])
    db_rows.execute("UPDATE messaging.media_uploads SET asked_at = now() - interval '11 minutes'")
    through(work, jobs)
    assert (len(graph.uploads), said(acme)) == (1, [("", "accepted")])


def test_a_message_whose_file_was_not_uploaded_in_its_time_expires_and_what_is_behind_it_leaves(
    acme, ada, catalogue, work, jobs, graph, db_rows
):
    graph.upload_script.append({"code": 131000, "http": 500})
    say(ada, picture(catalogue, "one"), Text(body="two"))
    work()
    work()
    jobs()
    assert said(acme) == [("one", "held"), ("two", "held")]

    db_rows.execute("UPDATE messaging.messages SET expires_at = now() WHERE text = 'one'")
    work()
    work()
    assert said(acme) == [("one", "expired"), ("two", "accepted")]


def test_a_message_does_not_wait_for_the_files_that_are_to_be_fetched(
    acme, ada, catalogue, photo, sends_photo, work, jobs, graph, db_rows
):
    for _ in range(20):  # as a shared history brings them
        sends_photo()
    say(ada, picture(catalogue, "one"))
    work()
    work()
    call_command("jobs", once=True, concurrency=1, stdout=StringIO())

    begun = """
        SELECT split_part(j.task_name, '.', 3), count(*) FROM jobs.procrastinate_events e
            JOIN jobs.procrastinate_jobs j
        ON j.id = e.job_id WHERE e.type = 'started'
            AND j.queue_name = 'media' GROUP BY 1 ORDER BY min(e.id)
    """
    assert db_rows.execute(begun).fetchall() == [("upload_media", 1), ("fetch_media", 20)]
    work()
    assert said(acme) == [("one", "accepted")]
