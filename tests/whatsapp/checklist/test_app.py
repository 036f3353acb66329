"""What is wrong with the app at Meta, told by its own sentence."""

import pytest
from django.utils import timezone

from channels_app.models import Channel
from tenants.scope import operator_scope
from whatsapp.business.app import name_of
from whatsapp.webhooks.channel_updates import reader
from whatsapp.webhooks.fields import FIELDS, OF_SHARED_NUMBERS, OPTIONAL

pytestmark = pytest.mark.whatsapp

DASHBOARD = "App Dashboard > WhatsApp > Configuration"


def test_without_metas_app_no_business_can_be_connected(failures, settings):
    settings.META_APP_ID = settings.META_APP_SECRET = settings.META_CONFIG_ID = ""
    unset = "META_APP_ID and META_APP_SECRET are not set: no business can be connected."
    secret = (
        "It is not META_APP_SECRET: the app signs its webhooks with that one, and they would be"
        " refused."
    )

    assert failures() == {
        "META_APP_ID, META_APP_SECRET and META_CONFIG_ID are set": (
            "META_APP_ID, META_APP_SECRET, META_CONFIG_ID: not set. "
            "No business can be connected; WHATSAPP_OAUTH_SETUP.md says what they are."
        ),
        "WHATSAPP_APP_SECRET is the app's": secret,
        "Meta accepts the app's id and secret": unset,
        "The app's webhooks come to us": unset,
        "The app is subscribed to every field": unset,
        "So it is to those of shared numbers and calls": unset,
    }


def test_another_apps_secret_would_refuse_every_webhook(failures, settings):
    settings.WHATSAPP_APP_SECRETS = ["the-secret-of-another-app"]

    assert list(failures()) == ["WHATSAPP_APP_SECRET is the app's"]


def test_an_app_that_meta_does_not_know_is_told(failures, graph):
    graph.business.client_secret = "another-secret-than-ours"
    found = failures()

    assert list(found) == [
        "Meta accepts the app's id and secret",
        "The app's webhooks come to us",
        "The app is subscribed to every field",
        "So it is to those of shared numbers and calls",
    ]
    assert (
        found["Meta accepts the app's id and secret"].partition(". ")[0]
        == "Meta does not accept META_APP_ID with META_APP_SECRET: copy both from App settings >"
        " Basic"
    )


def test_an_answer_of_metas_that_does_not_come_is_told(failures, graph):
    graph.onboarding_script["debug_token"].append({"then": "close"})

    assert failures() == {
        "Meta accepts the app's id and secret": "WhatsApp did not answer in time, or not readably."
    }


@pytest.mark.parametrize(
    ("callback", "sentence"),
    [
        pytest.param(
            "", "The app has no webhook yet. Enter {} under " + DASHBOARD + ".", id="none"
        ),
        pytest.param(
            "https://elsewhere.test",
            "The app's webhooks go to another address. Enter {} under " + DASHBOARD + ".",
            id="another",
        ),
    ],
)
def test_webhooks_that_do_not_come_to_us_are_told(failures, graph, well, callback, sentence):
    graph.business.app_callback = callback

    assert failures()["The app's webhooks come to us"] == sentence.format(
        f"{well.url}/api/webhooks/whatsapp"
    )


def test_a_webhook_that_is_switched_off_is_told(failures, graph):
    graph.business.app_is_active = False

    assert failures() == {
        "The app's webhooks come to us": (
            f"The app's webhook is switched off: verify and save it anew under {DASHBOARD}."
        )
    }


def test_a_field_is_read_as_meta_writes_it_and_as_it_documents_it():
    written = [
        {"name": "messages", "version": "v25.0"},
        "history",
        {"version": "v25.0"},
        {"name": 7},
        7,
        None,
    ]

    assert [name_of(each) for each in written] == ["messages", "history", "", "", "", ""]


def test_each_field_that_is_not_subscribed_is_named(failures, graph):
    graph.business.app_fields = [
        name for name in FIELDS if name not in {"history", "account_update"}
    ]

    assert failures() == {
        "The app is subscribed to every field": (
            "Not subscribed: account_update, history. Subscribe to them under "
            f"{DASHBOARD} > Webhook fields."
        )
    }


SHARED = "So it is to those of shared numbers and calls"


def share(acme_whatsapp):
    with operator_scope():
        Channel.objects.filter(id=acme_whatsapp.id).update(shared_at=timezone.now())


@pytest.mark.parametrize("missing", [["standby"], ["messaging_handovers", "calls"]])
def test_without_the_fields_of_shared_numbers_it_is_noted_where_no_number_is_shared(
    gone_through, graph, missing
):
    graph.business.app_fields = [each for each in [*FIELDS, *OPTIONAL] if each not in missing]
    lines, end = gone_through()

    noted = f"ok       {SHARED}: not subscribed: {', '.join(missing)}"
    assert ([line for line in lines if SHARED in line], end) == ([noted], "")


def test_without_them_a_shared_number_fails(failures, graph, acme_whatsapp):
    share(acme_whatsapp)
    assert failures() == {}
    graph.business.app_fields = list(FIELDS)

    assert failures() == {
        SHARED: (
            "Others answer on a number of ours, and we are not subscribed to standby,"
            " messaging_handovers: we miss what people and another responder write to each other"
            " and that a conversation was passed to us or taken. Subscribe to them under"
            f" {DASHBOARD} > Webhook fields."
        )
    }


def test_calls_are_never_needed(failures, graph, acme_whatsapp):
    share(acme_whatsapp)
    graph.business.app_fields = [each for each in [*FIELDS, *OPTIONAL] if each != "calls"]

    assert failures() == {}


def test_an_app_subscribed_to_all_that_meta_offers_is_well(failures, graph):
    """Since 2026-08-11 user_id_update is none of it."""
    graph.business.app_fields = [name for name in FIELDS if name != "user_id_update"]

    assert failures() == {}


def test_every_field_with_an_effect_is_subscribed_to():
    """What is listed as news alone, and is not offered to every app, is left out; user_id_update is
    offered to none.
    """
    news = {
        "flows",
        "partner_solutions",
        "payment_configuration_update",
        "account_settings_update",
        "business_username_updates",
    }

    with_an_effect = {*reader.READERS, *reader.OF_PEOPLE, *reader.OF_SHARED_NUMBERS}
    assert {*FIELDS, *OPTIONAL, *news, "user_id_update"} == with_an_effect
    assert set(OF_SHARED_NUMBERS) == set(reader.OF_SHARED_NUMBERS)
    assert "user_id_update" not in FIELDS
