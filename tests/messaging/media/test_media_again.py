"""A photo that could not be fetched at once: it is tried again as long as Meta has it, once for all
its announcements.
"""

import logging

import pytest

from channels_app.models import Channel
from tenants.scope import operator_scope
from tests.support.back_office import act, said, sign_in
from tests.support.cast import GLOBEX_ACCOUNT, GLOBEX_NUMBER
from tests.support.photos import PHOTO, allow, files_of, make_due, on_disk, waits
from tests.support.whatsapp.channel import connect

pytestmark = pytest.mark.whatsapp

CUT = "The file's server could not be reached, or stopped in the middle; it is tried again."


def test_a_file_that_breaks_in_the_middle_is_tried_again_and_nothing_of_the_first_try_is_kept(
    acme, acme_whatsapp, photo, sends_photo, jobs, tmp_path, db_rows
):
    photo.steps.extend([{"cut": 9}, {"http": 503}])
    sends_photo()
    jobs()
    assert (files_of(acme), on_disk(tmp_path)) == ([("pending", CUT)], {})
    assert [0 < wait <= 3 for wait in waits(db_rows)] == [True]

    make_due(db_rows)
    jobs()
    assert files_of(acme) == [
        ("pending", "The file's server answered HTTP 503; it is tried again.")
    ]
    assert [3 < wait <= 9 for wait in waits(db_rows)] == [True]

    make_due(db_rows)
    jobs()
    assert (files_of(acme), list(on_disk(tmp_path).values())) == ([("stored", "")], [PHOTO])


def test_a_server_that_names_its_time_is_not_asked_before(
    acme, acme_whatsapp, photo, sends_photo, jobs, db_rows
):
    photo.steps.append({"http": 429, "headers": {"Retry-After": "600"}})
    sends_photo()
    jobs()

    assert [590 < wait <= 600 for wait in waits(db_rows)] == [True]


def test_an_address_that_has_run_out_is_asked_for_anew_at_once(
    acme, acme_whatsapp, photo, sends_photo, jobs
):
    photo.steps.append({"http": 404})
    sends_photo()
    jobs()

    assert (files_of(acme), len(photo.fetched_with)) == ([("stored", "")], 2)


def test_after_a_week_without_success_it_is_given_up(
    acme, acme_whatsapp, photo, sends_photo, jobs, db_rows
):
    photo.steps.append({"http": 503})
    sends_photo()
    db_rows.execute("UPDATE messaging.media SET created_at = now() - interval '7 days 1 minute'")
    jobs()

    assert files_of(acme) == [
        ("expired", "The file's server answered HTTP 503; it is tried again.")
    ]
    assert waits(db_rows) == []


def test_a_disk_that_cannot_be_written_costs_a_wait_and_no_file(
    acme, acme_whatsapp, photo, sends_photo, jobs, tmp_path, settings, db_rows
):
    good = settings.STORAGES
    (tmp_path / "full").write_bytes(b"")
    settings.STORAGES = {
        **good,
        "default": {**good["default"], "OPTIONS": {"location": str(tmp_path / "full" / "folder")}},
    }
    sends_photo()
    jobs()
    assert files_of(acme) == [
        ("pending", "Our storage failed (NotADirectoryError); it is tried again.")
    ]

    settings.STORAGES = good
    make_due(db_rows)
    jobs()
    assert files_of(acme) == [("stored", "")]


def test_a_webhook_that_comes_again_fetches_no_second_time(
    acme, acme_whatsapp, photo, sends_photo, jobs, tmp_path
):
    for _ in range(2):
        sends_photo(wamid="wamid.photo")
        jobs()
    sends_photo(wamid="wamid.photo")
    jobs()

    assert (files_of(acme), len(photo.fetched_with), len(on_disk(tmp_path))) == (
        [("stored", "")],
        1,
        1,
    )


def test_a_task_that_is_done_twice_fetches_once(
    acme, acme_whatsapp, photo, sends_photo, jobs, db_rows
):
    sends_photo()
    jobs()
    db_rows.execute("SET search_path = jobs")
    db_rows.execute(
        "INSERT INTO procrastinate_jobs (queue_name, task_name, args) "
        "SELECT queue_name, task_name, args FROM procrastinate_jobs WHERE queue_name = 'media'"
    )
    db_rows.execute("RESET search_path")
    jobs()

    assert (files_of(acme), len(photo.fetched_with)) == ([("stored", "")], 1)


def test_each_tenant_gets_its_own_copy_with_its_own_token(
    acme, globex, acme_whatsapp, globex_whatsapp, photo, sends_photo, jobs, tmp_path
):
    sends_photo()
    sends_photo(number=GLOBEX_NUMBER, account=GLOBEX_ACCOUNT)
    jobs()

    assert (files_of(acme), files_of(globex)) == ([("stored", "")], [("stored", "")])
    assert sorted(photo.fetched_with) == ["token-of-acme", "token-of-globex"]
    assert {path.split("/")[0] for path in on_disk(tmp_path)} == {str(acme.id), str(globex.id)}


def test_a_file_that_was_given_up_is_fetched_again_by_order_of_who_may(
    web, acme, acme_whatsapp, photo, sends_photo, jobs, db_rows
):
    photo.told["sha256"] = "0" * 64
    sends_photo()
    jobs()
    photo.told.clear()
    assert files_of(acme)[0][0] == "failed"

    session = sign_in(web, is_staff=True)
    allow("view_media")
    act(session, web, "messaging/media", "fetch")
    assert files_of(acme)[0][0] == "failed"

    allow("view_media", "change_media")
    answer = act(session, web, "messaging/media", "fetch")
    assert (said(answer), files_of(acme)) == (["1 of 1 files is fetched again."], [("pending", "")])
    jobs()
    assert files_of(acme) == [("stored", "")]


def test_what_is_stored_is_not_fetched_again(web, acme, acme_whatsapp, photo, sends_photo, jobs):
    sends_photo()
    jobs()
    answer = act(sign_in(web, is_staff=True, is_superuser=True), web, "messaging/media", "fetch")
    jobs()

    nothing = "0 of 1 files are fetched again. Only what failed, or waits for its next try, can be."
    assert (said(answer), len(photo.fetched_with)) == ([nothing], 1)


def test_a_dead_token_parks_the_channel_and_the_file_waits_for_a_new_one(
    web, acme, acme_whatsapp, photo, sends_photo, jobs, db_rows
):
    photo.unsaid.append({"code": 190, "http": 401})
    sends_photo()
    jobs()
    reason = (
        "The access token no longer works: connect the channel again with a new one. "
        "(Graph error 190: (#190) Refused by the stand-in)"
    )
    with operator_scope():
        parked = Channel.objects.get()
    assert (parked.status, parked.status_reason, files_of(acme)) == (
        "needs_reauth",
        reason,
        [("pending", reason)],
    )

    connect(acme, parked.external_id, parked.account_id, "new")
    # rather than wait for the next try
    act(sign_in(web, is_staff=True, is_superuser=True), web, "messaging/media", "fetch")
    jobs()
    assert (files_of(acme), photo.fetched_with) == ([("stored", "")], ["new"])


@pytest.mark.parametrize("refusal", [{"code": 10, "http": 403}, {"code": 131031}], ids=str)
def test_a_refusal_of_a_file_alone_parks_no_channel(
    acme, acme_whatsapp, photo, sends_photo, jobs, refusal
):
    photo.unsaid.append(refusal)
    sends_photo()
    jobs()

    with operator_scope():
        assert Channel.objects.get().status == "live"
    assert [status for status, _ in files_of(acme)] == ["pending"]


def test_a_token_that_does_not_open_in_this_process_waits_for_one_with_the_key(
    acme, acme_whatsapp, photo, sends_photo, jobs, settings, db_rows
):
    sends_photo()
    keys, settings.ENCRYPTION_KEYS = settings.ENCRYPTION_KEYS, {"k9": b"0123456789abcdef" * 2}
    jobs()
    settings.ENCRYPTION_KEYS = keys
    reason = "The channel's token is missing, or does not open with the keys of this process."
    assert files_of(acme) == [("pending", reason)]

    make_due(db_rows)
    jobs()
    assert files_of(acme) == [("stored", "")]


def test_no_log_of_a_failed_fetch_tells_the_token_or_the_address(
    acme, acme_whatsapp, photo, sends_photo, jobs, caplog, monkeypatch, db_rows
):
    photo.steps.append({"cut": 9})
    sends_photo()
    monkeypatch.setattr(logging.getLogger("procrastinate"), "propagate", True)
    # what is retried is told with its traceback
    with caplog.at_level(logging.INFO, logger="procrastinate"):
        jobs()

    assert f"messaging.media.transfer.TryAgain: {CUT}" in caplog.text
    assert [word for word in ("token-of-acme", "/files/7", "Bearer") if word in caplog.text] == []
