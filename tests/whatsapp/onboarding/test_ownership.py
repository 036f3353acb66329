"""A number is live under one tenant. Another gets it only with Meta's proof and by saying so;
history stays behind.
"""

import pytest
from django.db import IntegrityError

from channels_app.models import Channel, ChannelMove
from messaging.models import Message
from tenants.scope import operator_scope
from tests.support.cast import ACME_ACCOUNT, ACME_NUMBER, REPLY, thread_of
from tests.support.members import employ, sign_in
from tests.support.whatsapp.channel import connect
from tests.support.whatsapp.connect_page import PAGE, csrf, steps
from whatsapp.models import Signup

pytestmark = pytest.mark.whatsapp


@pytest.fixture
def grace(web, globex):
    employ("grace", globex, "owner")
    session, _ = sign_in(web, "grace")
    return session


def owners() -> list[tuple[str, str, str]]:
    with operator_scope():
        rows = Channel.objects.select_related("tenant").order_by("id")
        return [(each.tenant.slug, each.external_id, each.status) for each in rows]


def press(session, web, **form: str) -> None:
    with operator_scope():
        address = f"{web}{PAGE}{Signup.objects.latest('created_at').id}/again/"
    session.post(
        address, data=csrf(session, web) | form, headers={"Referer": f"{web}{PAGE}"}, timeout=10
    )


def test_a_number_that_another_tenant_has_is_refused_and_stays_untouched(
    web, acme, acme_whatsapp, grace, account, meta, finish, write, work, graph, jobs
):
    with operator_scope():
        before = Channel.objects.get().credentials
    answer = finish(grace)
    jobs()

    assert steps(grace, web, answer)[3:5] == [("owner", "failed"), ("store", "pending")]
    with operator_scope():
        said = Signup.objects.get().steps["owner"]["said"]
    assert (
        said
        == "+46 70 000 00 00 (Stand-in) is connected by another business here. Disconnect it there"
        " and press Continue, or move it here: its messages so far stay where they are."
    )
    assert owners() == [("acme", ACME_NUMBER, "live")]
    write("Hello")
    work()
    assert (thread_of(acme)[1][2], graph.ledger[0]["token"]) == ("accepted", "token-of-acme")
    with operator_scope():
        assert Channel.objects.get().credentials == before


def test_with_metas_proof_it_moves_and_history_and_what_waited_stay_behind(
    web, acme, globex, acme_whatsapp, grace, account, meta, finish, write, work, graph, jobs
):
    graph.script.append({"code": 131056})
    write("To Acme")
    work()
    assert thread_of(acme) == [("inbound", "To Acme", "received"), ("outbound", REPLY, "queued")]
    finish(grace)
    jobs()
    press(grace, web, move="yes")
    jobs()

    assert owners() == [("acme", ACME_NUMBER, "disconnected"), ("globex", ACME_NUMBER, "live")]
    with operator_scope():
        (move,) = ChannelMove.objects.all()
        former = Channel.objects.get(status="disconnected")
        said = {name: told["said"] for name, told in Signup.objects.get().steps.items()}
    assert (said["owner"], said["live"]) == (
        (
            "+46 70 000 00 00 (Stand-in) stays with another business here until the last step, and"
            " is taken over then."
        ),
        "+46 70 000 00 00 (Stand-in): connected. Taken over from another business here.",
    )
    assert (move.from_tenant_id, move.from_channel_id, move.to_tenant_id) == (
        acme.id,
        acme_whatsapp.id,
        globex.id,
    )
    assert (former.credentials, former.status_reason) == (
        "",
        "Another business has proven at Meta that the number is its own, and took it over.",
    )
    with operator_scope():
        Message.objects.filter(status="queued").update(due_at="2020-01-01T00:00:00Z")
    write("To Globex", account=ACME_ACCOUNT)
    work()
    assert thread_of(acme) == [("inbound", "To Acme", "received"), ("outbound", REPLY, "cancelled")]
    assert thread_of(globex) == [
        ("inbound", "To Globex", "received"),
        ("outbound", REPLY, "accepted"),
    ]


def test_a_move_is_refused_to_a_token_that_does_not_reach_the_number(
    web, acme, acme_whatsapp, grace, account, meta, finish, jobs
):
    account.is_granted = False
    meta.open_account("399999999999999", {"id": "499999999999999"})
    finish(grace, data={"waba_id": ACME_ACCOUNT, "phone_number_id": ACME_NUMBER})
    jobs()
    press(grace, web, move="yes")
    jobs()

    assert owners() == [("acme", ACME_NUMBER, "live")]
    with operator_scope():
        assert ChannelMove.objects.count() == 0


@pytest.mark.parametrize(
    ("call", "fault"),
    [
        pytest.param("subscribe", {"code": 200}, id="the app is not subscribed"),
        pytest.param("register", {"code": 133005}, id="the number has another PIN"),
        pytest.param("number", {"code": 4}, id="the number cannot be seen in the end"),
    ],
)
def test_a_move_that_stops_half_way_takes_nothing_from_the_former_owner(
    web,
    acme,
    globex,
    acme_whatsapp,
    grace,
    account,
    meta,
    finish,
    write,
    work,
    graph,
    jobs,
    call,
    fault,
):
    finish(grace)
    jobs()
    graph.onboarding_script[call].append(fault)
    press(grace, web, move="yes")
    jobs()

    assert owners() == [("acme", ACME_NUMBER, "live"), ("globex", ACME_NUMBER, "pending")]
    write("To Acme")
    work()
    assert thread_of(acme) == [("inbound", "To Acme", "received"), ("outbound", REPLY, "accepted")]
    assert (thread_of(globex), graph.ledger[0]["token"]) == ([], "token-of-acme")

    press(grace, web, move="yes")
    jobs()
    assert owners() == [("acme", ACME_NUMBER, "disconnected"), ("globex", ACME_NUMBER, "live")]


def test_who_was_quicker_keeps_the_number_and_the_other_is_told(
    web, acme, globex, grace, account, meta, finish, graph, jobs
):
    graph.onboarding_script["number"].append({"code": 4})
    finish(grace)
    jobs()
    assert owners() == [("globex", ACME_NUMBER, "pending")]
    connect(acme, ACME_NUMBER, ACME_ACCOUNT, "token-of-acme")
    press(grace, web)
    jobs()

    assert owners() == [("globex", ACME_NUMBER, "pending"), ("acme", ACME_NUMBER, "live")]
    with operator_scope():
        assert Signup.objects.get().status == "failed"


def test_the_database_refuses_a_second_owner_and_a_tenants_second_channel(
    acme, globex, acme_whatsapp
):
    other = Channel(
        tenant=globex,
        kind="whatsapp",
        external_id=ACME_NUMBER,
        account_id=ACME_ACCOUNT,
        status="pending",
    )
    with operator_scope():
        other.save()
    for change in ({"tenant": globex, "status": "live"}, {"tenant": acme, "status": "pending"}):
        with pytest.raises(IntegrityError), operator_scope():
            Channel.objects.create(
                kind="whatsapp", external_id=ACME_NUMBER, account_id=ACME_ACCOUNT, **change
            )
    with pytest.raises(IntegrityError), operator_scope():
        Channel.objects.filter(id=other.id).update(status="restricted")
