"""What providers report of accounts and templates, as platform staff read it in the back-office."""

import html
import re

import pytest
import requests

from channels_app.models import Channel, MessageTemplate
from tenants.scope import operator_scope
from tests.support.back_office import act, sign_in
from tests.support.cast import ACME_ACCOUNT, GLOBEX_ACCOUNT
from tests.support.whatsapp import bodies

pytestmark = pytest.mark.whatsapp

MARKUP = "<script>alert(1)</script>"
BODY = {"type": "BODY", "text": "Your parcel, {{1}}, is on its way."}
LISTED = {
    "id": "1",
    "name": "parcel",
    "language": "en",
    "status": "APPROVED",
    "category": "UTILITY",
    "components": [BODY],
}
LIMITED = {
    "display_phone_number": "+46 70 000 00 00",
    "event": "ONBOARDING",
    "max_daily_conversations_per_business": "TIER_2K",
}
BANNED = {
    "event": "DISABLED_UPDATE",
    "ban_info": {"waba_ban_state": "DISABLE", "waba_ban_date": "2026-11-01"},
}


@pytest.fixture
def staff(web, db_rows) -> requests.Session:
    return sign_in(web, is_staff=True, is_superuser=True)


@pytest.fixture
def tell(deliver, work):
    """Meta reports a field's value of Acme's account, and it is taken in."""

    def tell(field: str, value: dict, account: str = ACME_ACCOUNT) -> None:
        deliver(bodies.webhook(bodies.change(account, field, value)))
        work()

    return tell


def page(staff: requests.Session, web: str, address: str) -> str:
    answer = staff.get(f"{web}{address}", timeout=10)
    assert answer.status_code == 200
    return html.unescape(answer.text)


def channel_page(staff: requests.Session, web: str, channel: Channel) -> str:
    return page(staff, web, f"/admin/channels/channel/{channel.id}/change/")


def test_a_channel_shows_its_health_and_what_happened_to_its_account_the_newest_first(
    web, staff, acme_whatsapp, tell
):
    assert channel_page(staff, web, acme_whatsapp).count("The provider has reported nothing.") == 2

    tell("phone_number_quality_update", LIMITED)
    tell("account_update", BANNED)
    shown = channel_page(staff, web, acme_whatsapp)

    assert re.findall(r'<th scope="row">([\w ]+)</th><td><bdi>(.*?)</bdi>', shown) == [
        ("account status", "disabled"),
        ("limit", "2,000"),
    ]
    assert re.findall(r"<bdi>(Meta has disabled|The number is ready)", shown) == [
        "Meta has disabled",
        "The number is ready",
    ]
    assert re.search(
        r'field-status_reason.*?<div class="readonly">(Meta has disabled)', shown, re.DOTALL
    )


def test_what_another_account_went_through_is_not_shown(
    web, staff, acme_whatsapp, globex_whatsapp, tell
):
    tell("account_update", BANNED, account=GLOBEX_ACCOUNT)

    assert channel_page(staff, web, globex_whatsapp).count("Meta has disabled") > 0
    assert channel_page(staff, web, acme_whatsapp).count("Meta has disabled") == 0


def test_an_operator_fetches_the_templates_of_an_account_and_reads_one(
    web, staff, acme_whatsapp, graph, jobs
):
    graph.templates[ACME_ACCOUNT] = [LISTED]
    answer = act(staff, web, "channels/channel", "fetch_templates")
    assert "1 of 1 channels is asked for the templates of its account." in answer.text
    jobs()

    with operator_scope():
        template = MessageTemplate.objects.get()
    shown = page(staff, web, f"/admin/channels/messagetemplate/{template.id}/change/")
    assert (template.status, BODY["text"] in shown) == ("approved", True)


@pytest.mark.parametrize(("sendable", "names"), [("yes", ["parcel"]), ("no", ["offer"])])
def test_templates_are_listed_by_whether_they_can_be_sent(
    web, staff, acme_whatsapp, graph, jobs, sendable, names
):
    graph.templates[ACME_ACCOUNT] = [
        LISTED,
        {**LISTED, "id": "2", "name": "offer", "status": "PAUSED"},
    ]
    act(staff, web, "channels/channel", "fetch_templates")
    jobs()

    listing = page(staff, web, f"/admin/channels/messagetemplate/?sendable={sendable}")
    assert (
        re.findall(
            r'field-shown_name"[^>]*><a [^>]*><span class="isolated">(\w+)</span></a>', listing
        )
        == names
    )


def test_words_of_a_provider_never_become_markup(web, staff, acme_whatsapp, graph, jobs, tell):
    graph.templates[ACME_ACCOUNT] = [
        {**LISTED, "name": MARKUP, "components": [{"type": "BODY", "text": MARKUP}]}
    ]
    act(staff, web, "channels/channel", "fetch_templates")
    jobs()
    tell("account_alerts", {"entity_type": "BUSINESS", "alert_info": {"alert_description": MARKUP}})
    tell("account_review_update", {"decision": MARKUP})

    addresses = [
        "/admin/channels/channelevent/",
        "/admin/channels/messagetemplate/",
        f"/admin/channels/channel/{acme_whatsapp.id}/change/",
    ]
    with operator_scope():
        addresses.append(
            f"/admin/channels/messagetemplate/{MessageTemplate.objects.get().id}/change/"
        )
    raw = [staff.get(f"{web}{each}", timeout=10).text for each in addresses]
    assert [html.escape(MARKUP) in each for each in raw] == [True] * 4
    assert [each for each in raw if MARKUP in each] == []


def test_saving_a_channels_page_keeps_what_was_learned_meanwhile(acme_whatsapp):
    with operator_scope():
        opened = Channel.objects.get()
        Channel.objects.learn_numbers({opened.id: "46700000000"})
        opened.name = "Shop"
        opened.save_settings("name")

        assert Channel.objects.values_list("name", "phone_number").get() == ("Shop", "46700000000")
