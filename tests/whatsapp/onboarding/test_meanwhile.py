"""What somebody else does while a business is being connected, or after it was asked to be given
up.
"""

import pytest
from psycopg.errors import LockNotAvailable

from channels_app import tasks
from channels_app.models import Channel, ChannelMove
from tenants.scope import operator_scope, tenant_scope
from tests.support.cast import ACME_ACCOUNT, ACME_NUMBER
from tests.support.members import employ, sign_in
from tests.support.whatsapp.connect_page import PAGE, csrf, leave
from whatsapp.models import Signup
from whatsapp.onboarding import channels, flow
from whatsapp.onboarding.steps import STEPS, Done

pytestmark = pytest.mark.whatsapp

SECOND = "400000000000009"


def press(session, web, signup: Signup, **form: str) -> None:
    address = f"{web}{PAGE}{signup.id}/again/"
    session.post(
        address, data=csrf(session, web) | form, headers={"Referer": f"{web}{PAGE}"}, timeout=10
    )


def newest() -> Signup:
    with operator_scope():
        return Signup.objects.latest("created_at")


def statuses() -> list[tuple[str, str]]:
    with operator_scope():
        return list(Channel.objects.order_by("id").values_list("tenant__slug", "status"))


def test_a_number_that_is_given_up_while_it_is_connected_is_not_live_without_a_token(
    web, ada, account, finish, graph, jobs
):
    graph.onboarding_script["number"].append({"code": 4})
    finish()
    jobs()
    with operator_scope():
        pending = Channel.objects.get()
    leave(ada, web, pending)
    jobs()
    press(ada, web, newest())
    jobs()

    with operator_scope():
        assert [each.status for each in Channel.objects.all() if not each.credentials] == [
            "disconnected"
        ]


def test_a_number_that_is_given_up_in_the_midst_of_a_step_is_not_live_either(
    web, ada, account, finish, jobs, monkeypatch
):
    def given_up(signup, token):
        with operator_scope():
            Channel.objects.update(status="disconnected", credentials="")
        return Done("Registered, while somebody else disconnected it.")

    monkeypatch.setitem(STEPS, "register", given_up)
    account.numbers[ACME_NUMBER]["status"] = "CONNECTED"
    finish()
    jobs()
    assert (statuses(), newest().status) == ([("acme", "disconnected")], "failed")
    assert (
        newest().steps["live"]["said"]
        == "+46 70 000 00 00 was given up while it was being connected. Press Continue to connect"
        " it still."
    )


def test_nobody_gives_a_number_up_between_a_look_at_it_and_its_change(
    web, acme, ada, account, finish, jobs, db_rows
):
    finish()
    jobs()
    db_rows.execute("SET lock_timeout = '200ms'")
    with tenant_scope(acme.id):
        assert list(channels.held(newest_of_ours())) == [ACME_NUMBER]
        with pytest.raises(LockNotAvailable):
            db_rows.execute("UPDATE messaging.channels SET status = 'disconnected'")
    db_rows.execute("RESET lock_timeout")


def newest_of_ours() -> Signup:
    """Within the tenant's scope."""
    return Signup.objects.latest("created_at")


def test_a_move_that_is_pressed_for_later_is_proven_anew(
    web, acme_whatsapp, globex, account, meta, finish, jobs
):
    employ("grace", globex, "owner")
    grace, _ = sign_in(web, "grace")
    finish(grace)
    jobs()
    (token,) = meta.grants
    meta.grants[token].account_ids.clear()
    press(grace, web, newest(), move="yes")
    jobs()

    assert statuses() == [("acme", "live")]
    with operator_scope():
        assert ChannelMove.objects.count() == 0


def test_a_pin_is_the_one_of_the_number_that_asked_for_it(web, ada, meta, finish, jobs):
    meta.open_account(ACME_ACCOUNT, {"id": ACME_NUMBER}, {"id": SECOND})
    meta.pins[SECOND] = "135790"
    finish(data={"waba_id": ACME_ACCOUNT})
    jobs()
    given = meta.pins[ACME_NUMBER]
    press(ada, web, newest(), pin="135790")
    jobs()

    with operator_scope():
        kept = {each.external_id: each.secrets()["pin"] for each in Channel.objects.all()}
    assert (newest().status, kept) == ("connected", {ACME_NUMBER: given, SECOND: "135790"})


def test_what_is_no_pin_replaces_none(web, ada, account, meta, finish, graph, jobs):
    graph.onboarding_script["register"].append({"http": 502})
    finish()
    jobs()
    with operator_scope():
        before = Channel.objects.get().secrets()["pin"]
    press(ada, web, newest(), pin="12345\x00")
    jobs()

    with operator_scope():
        assert Channel.objects.get().secrets()["pin"] == before


def test_a_registration_is_not_ended_once_the_number_is_connected_again(
    web, ada, account, meta, finish, graph, jobs
):
    finish()
    jobs()
    with operator_scope():
        first = Channel.objects.get()
    graph.onboarding_script["deregister"].append({"http": 502})
    leave(ada, web, first, deregister="yes")
    jobs()
    finish()
    jobs()
    tasks.tell_of_leaving(str(first.tenant_id), str(first.id), True)

    assert sorted(status for _, status in statuses()) == ["disconnected", "live"]
    assert (account.numbers[ACME_NUMBER]["status"], account.callback) == ("CONNECTED", "")


def test_meta_is_told_of_the_account_although_the_registration_had_ended_before(
    web, ada, account, finish, graph, jobs
):
    finish()
    jobs()
    with operator_scope():
        channels = Channel.objects.get()
    graph.onboarding_script["deregister"].append({"code": 133010})
    leave(ada, web, channels, deregister="yes")
    jobs()

    assert account.callback is None


def test_a_long_name_at_meta_connects_too(web, ada, meta, finish, jobs):
    meta.open_account(
        ACME_ACCOUNT,
        {"id": ACME_NUMBER, "verified_name": "Acme " * 60, "display_phone_number": "1" * 100},
    )
    finish()
    jobs()

    assert newest().status == "connected"


@pytest.mark.parametrize("crash", ["before the token", "with it"])
def test_what_was_not_finished_in_a_day_is_over(web, ada, account, finish, db_rows, crash):
    finish()
    if crash == "before the token":
        db_rows.execute("UPDATE messaging.whatsapp_signups SET credentials = ''")
    db_rows.execute(
        "UPDATE messaging.whatsapp_signups SET created_at = now() - interval '25 hours'"
    )
    flow.forget_tokens()

    assert (newest().status, newest().credentials) == ("failed", "")


def test_an_attempt_that_failed_is_not_shown_any_more_once_another_has_connected(
    web, ada, account, finish, graph, jobs
):
    graph.onboarding_script["exchange"].append({"code": 100})
    finish()
    assert "Not connected yet" in ada.get(f"{web}{PAGE}", timeout=10).text
    finish()
    jobs()

    assert "Not connected yet" not in ada.get(f"{web}{PAGE}", timeout=10).text


def test_a_step_that_our_database_breaks_goes_on_by_itself(
    web, ada, account, finish, jobs, db_rows
):
    finish()
    db_rows.execute("ALTER TABLE messaging.whatsapp_signups RENAME TO away")
    jobs()
    db_rows.execute("ALTER TABLE messaging.away RENAME TO whatsapp_signups")
    db_rows.execute("SET search_path = jobs")
    db_rows.execute("UPDATE procrastinate_jobs SET scheduled_at = now() WHERE status = 'todo'")
    db_rows.execute("RESET search_path")
    jobs()

    assert newest().status == "connected"
