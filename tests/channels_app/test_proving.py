"""A channel is live once its provider accepts its token: staff save the form, a task asks, the page
says what came of it.
"""

import re
from datetime import UTC, datetime
from html import unescape

import pytest

from channels_app.lifecycle import proving
from channels_app.models import Channel
from channels_app.providers import HealthReport
from tenants.scope import operator_scope
from tests.support.back_office import form_for, said, sign_in
from tests.support.cast import ACME_ACCOUNT, ACME_NUMBER, REPLY, thread_of
from tests.support.forms import post
from tests.support.whatsapp.channel import connect

pytestmark = pytest.mark.whatsapp

ASKING = "The provider is being asked whether it accepts the token."
TOLD = (
    "The provider is being asked; the channel is live as soon as it accepts the token. Open the"
    " page again to see what it said."
)
DEAD = (
    "The access token no longer works: connect the channel again with a new one. "
    "(Graph error 190: (#190) Refused by the stand-in)"
)
TAKEN = (
    "The number is connected under another tenant. Disconnect it there first, then set this channel"
    " live."
)
REFUSED = [{"code": 190, "http": 401}] * 2


@pytest.fixture
def staff(web, db_rows):
    return sign_in(web, is_staff=True, is_superuser=True)


@pytest.fixture
def add(web, staff, graph):
    """Fill in the form of a new channel of this tenant."""

    def add(tenant, **given: str):
        form = {
            "kind": "whatsapp",
            "external_id": ACME_NUMBER,
            "account_id": ACME_ACCOUNT,
        }
        return post(
            staff,
            f"{web}{form_for('channels/channel', tenant)}",
            **form | {"access_token": "EAAG-first"} | given,
        )

    return add


@pytest.fixture
def save(web, staff, graph):
    """Fill in something of a channel's form."""

    def save(channel, **given: str):
        return post(staff, f"{web}/admin/channels/channel/{channel.id}/change/", **given)

    return save


@pytest.fixture
def parked(acme_whatsapp):
    """Acme's channel, parked; how it would come back is nobody's business but the form's."""

    def parked(recovers_by: str = "reconnect", status: str = "needs_reauth") -> Channel:
        with operator_scope():
            Channel.objects.update(
                status=status,
                status_reason="Refused.",
                recovers_by=recovers_by,
                parked_at=datetime.now(UTC),
                connected_at=None,
            )
        return acme_whatsapp

    return parked


def only() -> Channel:
    with operator_scope():
        return Channel.objects.get()


def standing() -> tuple[str, str]:
    channel = only()
    return channel.status, channel.status_reason


def faults_of(page) -> list[str]:
    lists = re.findall(r'<ul class="errorlist[^>]*>(.*?)</ul>', page.text, re.DOTALL)
    return [unescape(each) for each in re.findall(r"<li>(.*?)</li>", "".join(lists))]


def test_a_new_channel_is_pending_until_its_provider_accepts_the_token(
    acme, add, jobs, graph, write, work
):
    page = add(acme)
    assert (said(page)[0], standing(), len(graph.asked)) == (TOLD, ("pending", ASKING), 0)

    jobs()
    channel = only()
    assert (channel.status, channel.status_reason, channel.connected_at is None) == (
        "live",
        "",
        False,
    )
    write("Hello")
    work()
    assert thread_of(acme) == [("inbound", "Hello", "received"), ("outbound", REPLY, "accepted")]


def test_a_new_channel_whose_token_is_refused_says_so_and_is_live_with_a_better_one(
    acme, add, save, jobs, graph
):
    graph.onboarding_script["number"].extend(REFUSED)
    add(acme)
    jobs()
    assert (standing(), only().health["check"]["value"]) == (("pending", DEAD), DEAD)

    save(only(), access_token="EAAG-better")
    jobs()
    assert (standing(), only().secrets()) == (("live", ""), {"access_token": "EAAG-better"})


def test_a_provider_that_does_not_answer_is_asked_again(acme, add, jobs, later, graph):
    graph.onboarding_script["number"].append({"http": 502})
    add(acme)
    jobs()
    status, reason = standing()
    assert (status, reason.split(": ")[0]) == (
        "pending",
        "The provider could not be asked yet, and is asked again",
    )

    later()
    assert standing() == ("live", "")


def test_a_number_that_another_tenant_connected_meanwhile_stays_theirs_and_the_channel_says_so(
    acme, globex, add, jobs, graph
):
    add(globex)
    theirs = connect(acme, ACME_NUMBER, ACME_ACCOUNT, "token-of-acme")
    jobs()

    with operator_scope():
        rows = dict(Channel.objects.values_list("tenant__slug", "status"))
        refused = Channel.objects.exclude(id=theirs.id).get()
    assert rows == {"acme": "live", "globex": "pending"}
    assert (refused.status_reason, refused.health["check"]["value"]) == (TAKEN, TAKEN)


@pytest.mark.parametrize("status", ["needs_reauth", "restricted"])
@pytest.mark.parametrize("recovers_by", ["check", "probe", "reconnect"])
def test_a_parked_channel_comes_back_with_a_new_token_however_it_was_parked(
    parked, save, jobs, recovers_by, status
):
    channel = parked(recovers_by, status)
    page = save(channel, access_token="EAAG-new")
    assert (said(page)[0], standing()) == (TOLD, (status, ASKING))

    jobs()
    assert (standing(), only().recovers_by, only().connected_at is None) == (
        ("live", ""),
        "check",
        False,
    )


def test_what_was_held_leaves_when_the_new_token_is_accepted(
    acme, parked, write, work, save, jobs, graph
):
    channel = parked()
    write("Hello")
    work()
    assert thread_of(acme)[1:] == [("outbound", REPLY, "held")]

    save(channel, access_token="EAAG-new")
    jobs()
    work()
    assert thread_of(acme)[1:] == [("outbound", REPLY, "accepted")]


def test_a_parked_channel_whose_new_token_is_refused_stays_parked_and_says_why(
    parked, save, jobs, graph
):
    graph.onboarding_script["number"].extend(REFUSED)
    save(parked(), access_token="EAAG-new")
    jobs()

    assert standing() == ("needs_reauth", DEAD)


def test_a_live_channel_goes_on_with_a_new_token_and_is_parked_if_it_is_refused(
    acme_whatsapp, save, jobs, graph
):
    page = save(acme_whatsapp, access_token="EAAG-new")
    told = TOLD.replace("is live", "goes on with it")
    assert (said(page)[0], standing()) == (told, ("live", ""))
    jobs()
    assert standing() == ("live", "")

    graph.onboarding_script["number"].extend(REFUSED)
    save(acme_whatsapp, access_token="EAAG-worse")
    jobs()
    assert standing() == ("needs_reauth", DEAD)


def test_staff_who_park_a_channel_in_the_same_form_have_it_parked(acme_whatsapp, save, jobs, graph):
    page = save(acme_whatsapp, access_token="EAAG-new", status="restricted")
    jobs()

    assert (only().status, only().recovers_by, len(said(page)), len(graph.asked)) == (
        "restricted",
        "reconnect",
        1,
        0,
    )


def test_a_channel_that_is_set_live_is_asked_for_with_the_token_that_it_has(parked, save, jobs):
    save(parked(), status="live")
    assert standing() == ("needs_reauth", ASKING)
    jobs()

    assert standing() == ("live", "")


def test_a_page_that_was_opened_before_the_channel_was_live_takes_nothing_back(
    web, staff, acme, add, save, jobs
):
    add(acme)
    jobs()
    save(only(), **{"status": "pending", "initial-status": "pending", "name": "Shop"})

    assert (only().name, standing()) == ("Shop", ("live", ""))


def test_an_answer_about_a_token_that_was_replaced_meanwhile_makes_nothing_live(acme, add):
    add(acme)
    asked_with = only()
    with operator_scope():
        newer = Channel.objects.get()
        newer.replace(access_token="EAAG-newer")
        newer.save()
    proving.conclude(asked_with, HealthReport(is_working=True), datetime.now(UTC))
    proving.conclude(asked_with, HealthReport(is_refused=True, faults=("No.",)), datetime.now(UTC))

    assert standing() == ("pending", ASKING)


def test_a_disconnected_channel_comes_back_with_a_new_token_unless_the_tenant_has_another(
    acme, acme_whatsapp, save, jobs
):
    with operator_scope():
        Channel.objects.update(status="disconnected", credentials="")
        another = Channel(
            tenant=acme, kind="whatsapp", external_id=ACME_NUMBER, account_id=ACME_ACCOUNT
        )
        another.save()
    refused = save(acme_whatsapp, access_token="EAAG-new")
    assert faults_of(refused) == [
        "The tenant has a channel of this number already: put the token in there."
    ]

    with operator_scope():
        another.delete()
    save(acme_whatsapp, access_token="EAAG-new")
    assert standing() == ("pending", ASKING)
    jobs()
    assert standing() == ("live", "")


@pytest.mark.parametrize("status", ["disconnected", "pending"])
def test_the_form_disconnects_nothing(acme_whatsapp, save, status):
    page = save(acme_whatsapp, status=status)

    assert (faults_of(page), standing()) == (
        [f"Select a valid choice. {status} is not one of the available choices."],
        ("live", ""),
    )


NO_NUMBER_ID = (
    "A phone number id is digits alone, and is not the phone number: WhatsApp Manager shows it"
    " under API setup."
)
NO_ACCOUNT_ID = (
    "A WhatsApp Business account id is digits alone: WhatsApp Manager shows it beside the account's"
    " name."
)


@pytest.mark.parametrize("id", ["+46 70 123 45 67", "abc", "4000 0000", "٤٠٠", "4" * 33])
def test_ids_that_are_none_of_the_providers_are_refused_with_a_sentence(acme, add, id, db_rows):
    page = add(acme, external_id=id, account_id=id)

    assert faults_of(page) == [NO_NUMBER_ID, NO_ACCOUNT_ID]
    assert db_rows.execute("SELECT count(*) FROM messaging.channels").fetchone() == (0,)


def test_an_account_id_is_looked_at_where_it_is_changed(acme_whatsapp, save):
    assert faults_of(save(acme_whatsapp, account_id="Acme's account")) == [NO_ACCOUNT_ID]
