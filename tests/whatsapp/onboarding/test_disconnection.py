"""A number is given up: nothing leaves by it, Meta sends nothing more, the token is forgotten, what
was written stays.
"""

import pytest

from channels_app import tasks
from channels_app.models import Channel
from tenants.scope import operator_scope
from tests.support.back_office import order, said
from tests.support.back_office import sign_in as sign_in_as_staff
from tests.support.cast import ACME_ACCOUNT, ACME_NUMBER, REPLY, thread_of
from tests.support.members import employ, sign_in
from tests.support.whatsapp.connect_page import PAGE, csrf, leave, left, notes

pytestmark = [pytest.mark.whatsapp, pytest.mark.usefixtures("all_told")]


@pytest.fixture
def connected(ada, account, meta, finish, jobs) -> Channel:
    finish()
    jobs()
    return only()


def only() -> Channel:
    with operator_scope():
        return Channel.objects.get(external_id=ACME_NUMBER)


def test_a_member_disconnects_and_what_was_written_stays(
    web, acme, ada, connected, account, write, work, graph, jobs
):
    write("Hello")
    work()
    assert leave(ada, web, connected) == 200
    jobs()

    left = only()
    assert (left.status, left.status_reason, left.credentials, account.callback) == (
        "disconnected",
        "Disconnected by ada.",
        "",
        None,
    )
    assert account.numbers[ACME_NUMBER]["status"] == "CONNECTED"
    write("Anybody there?")
    work()
    assert thread_of(acme) == [("inbound", "Hello", "received"), ("outbound", REPLY, "accepted")]


def test_who_disconnects_reads_once_which_number_what_becomes_of_messages_and_how_to_come_back(
    web, ada, connected, jobs
):
    told = left(ada, web, connected)
    again = ada.get(told.url, timeout=10)

    assert (told.url, notes(told), notes(again)) == (
        f"{web}{PAGE}?tenant=acme",
        [
            "Stand-in (+46700000000) is disconnected. What people write to it does not arrive here"
            " any more, and nothing is sent from it; what was written so far stays. To have it"
            " back, connect it again below."
        ],
        [],
    )
    assert "No number is connected yet." in told.text


def test_who_frees_the_number_for_the_phone_reads_that_it_takes_a_while(web, ada, connected):
    (said,) = notes(left(ada, web, connected, deregister="yes"))

    assert said.endswith(
        " connect it again below. Meta is being asked to free it for the WhatsApp app on a phone:"
        " that takes a few minutes."
    )


def test_what_somebody_called_their_number_is_only_text_in_the_sentence(web, ada, connected):
    with operator_scope():
        Channel.objects.update(name="<b>&" + "\U0001f600" * 190)
    told = left(ada, web, connected)

    assert (notes(told)[0].startswith("<b>&\U0001f600"), "<b>&" in told.text) == (True, False)


def test_however_many_sentences_wait_to_be_read_no_page_breaks(web, ada, connected):
    form, address = csrf(ada, web), f"{web}{PAGE}channels/{connected.id}/disconnect/"
    asked = {
        "data": form,
        "headers": {"Referer": f"{web}{PAGE}"},
        "timeout": 10,
        "allow_redirects": False,
    }
    answers = []
    for first in range(0x4E00, 0x4E0C):  # names that no compression makes short
        with operator_scope():
            Channel.objects.update(name="".join(chr(first + 97 * each) for each in range(200)))
        answers.append(ada.post(address, **asked).status_code)

    assert answers == [302] * 12
    assert len(notes(ada.get(f"{web}{PAGE}", timeout=10))) > 0


def test_the_number_is_taken_off_the_cloud_api_where_it_is_asked_for(
    web, ada, connected, account, jobs
):
    leave(ada, web, connected, deregister="yes")
    jobs()

    assert (account.numbers[ACME_NUMBER]["status"], account.callback) == ("DISCONNECTED", None)


def test_the_account_stays_subscribed_as_long_as_another_number_of_it_is_connected(
    web, ada, account, meta, finish, jobs
):
    meta.open_account(ACME_ACCOUNT, {"id": ACME_NUMBER}, {"id": "400000000000009"})
    finish(data={"waba_id": ACME_ACCOUNT})
    jobs()
    leave(ada, web, only())
    jobs()
    assert meta.accounts[ACME_ACCOUNT].callback == ""

    with operator_scope():
        other = Channel.objects.get(status="live")
    leave(ada, web, other)
    jobs()
    assert meta.accounts[ACME_ACCOUNT].callback is None


def test_a_meta_that_does_not_answer_is_told_later(
    web, ada, connected, account, graph, jobs, db_rows
):
    graph.onboarding_script["unsubscribe"].append({"http": 502})
    leave(ada, web, connected)
    jobs()
    assert (only().status, account.callback, only().credentials != "") == ("disconnected", "", True)

    db_rows.execute("SET search_path = jobs")
    db_rows.execute("UPDATE procrastinate_jobs SET scheduled_at = now() WHERE status = 'todo'")
    db_rows.execute("RESET search_path")
    jobs()
    assert (account.callback, only().credentials) == (None, "")


def test_a_token_that_is_dead_already_hinders_nobody_from_leaving(web, ada, connected, meta, jobs):
    meta.revoke(connected.secrets()["access_token"])
    leave(ada, web, connected)
    jobs()

    assert (only().status, only().credentials) == ("disconnected", "")


def test_a_number_that_was_left_is_connected_anew_and_has_a_new_channel(
    web, ada, connected, finish, jobs
):
    leave(ada, web, connected)
    jobs()
    finish()
    jobs()

    with operator_scope():
        assert sorted(Channel.objects.values_list("status", flat=True)) == ["disconnected", "live"]


def test_a_check_that_still_waits_when_a_number_was_left_says_nothing_of_it(
    web, ada, connected, jobs
):
    leave(ada, web, connected)
    tasks.check_channel(str(connected.tenant_id), str(connected.id))
    jobs()
    tasks.check_channel(str(connected.tenant_id), str(connected.id))

    assert only().health == {}


def test_others_people_and_agents_disconnect_nothing(web, acme, globex, connected, jobs):
    employ("grace", globex, "owner")
    employ("bob", acme, "agent")
    grace, _ = sign_in(web, "grace")
    bob, _ = sign_in(web, "bob")
    address = f"{web}{PAGE}channels/{connected.id}/disconnect/"

    assert leave(grace, web, connected) == 404
    assert (
        bob.post(address, data=csrf(grace, web), headers={"Referer": web}, timeout=10).status_code
        == 403
    )
    assert only().status == "live"


def test_platform_staff_disconnect_in_the_back_office(web, connected, account, jobs):
    staff = sign_in_as_staff(web, is_staff=True, is_superuser=True)
    answer = order(staff, web, "channels/channel", "disconnect")
    jobs()

    assert said(answer) == ["1 of 1 channels is disconnected."]
    assert (only().status, account.callback) == ("disconnected", None)
