"""The back-office's channel pages: a token goes in and never comes out, and a channel stays with
its tenant.
"""

import re

import pytest
from django.contrib.admin.models import LogEntry
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from channels_app.models import Channel
from tenants.models import User
from tenants.scope import auth_scope, operator_scope
from tests.support.back_office import form_for
from tests.support.cast import ACME_ACCOUNT, ACME_NUMBER

pytestmark = pytest.mark.whatsapp

LIST = "/admin/channels/channel/"
NEW_TOKEN = "EAAG-new-token-canary"


@pytest.fixture
def staff(db_rows) -> Client:
    """A platform superuser's browser, signed in."""
    client = Client()
    with auth_scope():
        client.force_login(
            User.objects.create_superuser("root", password="a-password-of-the-tests")
        )
    return client


def page_of(channel: Channel) -> str:
    return reverse("admin:channels_channel_change", args=[channel.id])


def filled(**changes: str) -> dict[str, str]:
    """What the form of Acme's channel is sent with."""
    return {
        "account_id": ACME_ACCOUNT,
        "name": "Shop",
        "status": "live",
        "auto_reply": "",
        "access_token": "",
    } | changes


def stored(channel: Channel) -> tuple[str, dict[str, str]]:
    """The channel's tenant and its credentials in clear."""
    with operator_scope():
        found = Channel.objects.select_related("tenant").get(id=channel.id)
        return found.tenant.slug, found.secrets()


def secrets_in(response, channel: Channel) -> list[str]:
    text = response.content.decode()
    return [
        secret
        for secret in ("token-of-acme", NEW_TOKEN, channel.credentials, "v1.k1.")
        if secret in text
    ]


def test_the_pages_show_the_channel_and_never_its_token(staff, acme_whatsapp):
    for address in (
        LIST,
        form_for("channels/channel", acme_whatsapp.tenant),
        page_of(acme_whatsapp),
        f"{page_of(acme_whatsapp)[: -len('change/')]}history/",
        "/admin/",
    ):
        response = staff.get(address)
        assert (address, response.status_code, secrets_in(response, acme_whatsapp)) == (
            address,
            200,
            [],
        )
        if address in (LIST, page_of(acme_whatsapp)):
            assert response.content.decode().count(ACME_NUMBER) >= 1


def test_saving_without_a_token_keeps_it(staff, acme_whatsapp):
    response = staff.post(page_of(acme_whatsapp), filled(name="Renamed"))

    assert (response.status_code, response.headers["Location"]) == (302, LIST)
    with operator_scope():
        channel = Channel.objects.get()
    assert (channel.name, channel.credentials) == ("Renamed", acme_whatsapp.credentials)
    assert stored(acme_whatsapp) == ("acme", {"access_token": "token-of-acme"})


def test_saving_with_a_new_token_replaces_it_and_shows_neither(staff, acme_whatsapp):
    response = staff.post(
        page_of(acme_whatsapp), filled(access_token=f" {NEW_TOKEN} "), follow=True
    )

    assert (response.status_code, secrets_in(response, acme_whatsapp)) == (200, [])
    assert stored(acme_whatsapp) == ("acme", {"access_token": NEW_TOKEN})
    assert secrets_in(staff.get(page_of(acme_whatsapp)), acme_whatsapp) == []
    with auth_scope():
        entries = [entry.change_message for entry in LogEntry.objects.all()]
    assert len(entries) == 1
    assert [entry for entry in entries if NEW_TOKEN in entry] == []


def test_a_form_with_a_mistake_comes_back_without_the_token(staff, acme_whatsapp):
    response = staff.post(page_of(acme_whatsapp), filled(access_token=NEW_TOKEN, status="asleep"))

    assert (response.status_code, secrets_in(response, acme_whatsapp)) == (200, [])
    assert stored(acme_whatsapp) == ("acme", {"access_token": "token-of-acme"})


def test_a_channel_added_by_staff_is_sealed_to_its_tenant(staff, acme, db_rows):
    form = filled(kind="whatsapp", external_id=ACME_NUMBER, access_token=NEW_TOKEN)

    response = staff.post(form_for("channels/channel", acme), form, follow=True)

    assert (response.status_code, response.redirect_chain) == (200, [(LIST, 302)])
    with operator_scope():
        channel = Channel.objects.get()
    assert stored(channel) == ("acme", {"access_token": NEW_TOKEN})
    assert secrets_in(response, channel) == []


def test_a_live_channel_needs_a_token(staff, acme):
    form = filled(kind="whatsapp", external_id=ACME_NUMBER)

    response = staff.post(form_for("channels/channel", acme), form)

    assert response.context["adminform"].form.errors == {
        "access_token": ["A live channel needs a token."]
    }
    with operator_scope():
        assert Channel.objects.count() == 0


def test_a_number_that_is_live_under_another_tenant_is_refused_with_a_sentence(
    staff, globex, acme_whatsapp
):
    form = filled(kind="whatsapp", external_id=ACME_NUMBER, access_token=NEW_TOKEN)

    response = staff.post(form_for("channels/channel", globex), form)

    assert (response.status_code, secrets_in(response, acme_whatsapp)) == (200, [])
    assert len(response.context["adminform"].form.errors) == 1
    with operator_scope():
        assert list(Channel.objects.values_list("tenant__slug")) == [("acme",)]


def test_a_form_that_names_another_tenant_number_or_credentials_moves_nothing(
    staff, globex, acme_whatsapp
):
    form = filled(
        tenant=str(globex.id),
        external_id="499",
        kind="telegram",
        credentials="mine",
        id=str(globex.id),
    )

    response = staff.post(page_of(acme_whatsapp), form)

    assert response.status_code == 302
    assert stored(acme_whatsapp) == ("acme", {"access_token": "token-of-acme"})
    with operator_scope():
        assert list(Channel.objects.values_list("kind", "external_id", "name")) == [
            ("whatsapp", ACME_NUMBER, "Shop")
        ]


@pytest.mark.parametrize("is_staff", [False, True])
def test_whoever_is_no_platform_staff_gets_nothing_and_leaves_nothing(
    is_staff, acme_whatsapp, db_rows
):
    client = Client()
    with auth_scope():
        client.force_login(
            User.objects.create_user("ada", password="a-password-of-the-tests", is_staff=is_staff)
        )
    before = db_rows.execute("SELECT c::text FROM messaging.channels c").fetchall()

    answers = [
        client.get(LIST),
        client.get(page_of(acme_whatsapp)),
        client.post(page_of(acme_whatsapp), filled(name="Mine")),
    ]

    assert [answer.status_code for answer in answers] == [403 if is_staff else 302] * 3
    assert [secrets_in(answer, acme_whatsapp) for answer in answers] == [[], [], []]
    assert db_rows.execute("SELECT c::text FROM messaging.channels c").fetchall() == before


def test_staff_sign_in_and_out_by_the_form(acme_whatsapp):
    client = Client()
    with auth_scope():
        User.objects.create_superuser("root", password="a-password-of-the-tests")
    right = {"username": "root", "password": "a-password-of-the-tests", "next": LIST}

    statuses = [
        client.post("/admin/login/", right | {"password": "wrong"}).status_code,
        client.get(LIST).status_code,
    ]
    statuses += [client.post("/admin/login/", right).status_code, client.get(LIST).status_code]
    statuses += [client.post("/admin/logout/").status_code, client.get(LIST).status_code]

    assert statuses == [200, 302, 302, 200, 200, 302]


def test_deleting_a_user_who_left_traces_in_the_log_is_no_server_error(staff, acme_whatsapp):
    assert staff.post(page_of(acme_whatsapp), filled(name="Renamed")).status_code == 302
    with auth_scope():
        other = User.objects.create_superuser("other", password="a-password-of-the-tests")
        leaving = User.objects.get(username="root")
        assert LogEntry.objects.filter(user=leaving).count() == 1
    staff.raise_request_exception = False
    with auth_scope():
        staff.force_login(other)

    response = staff.post(f"/admin/tenants/user/{leaving.id}/delete/", {"post": "yes"})

    assert response.status_code < 500


def fields_of(response) -> set[str]:
    return set(re.findall(r"form-row field-(\w+)", response.content.decode()))


def test_a_channels_page_shows_only_what_applies_to_it(staff, acme_whatsapp):
    of_parked = {"status_reason", "parked_at", "recovers_by"}
    live = fields_of(staff.get(page_of(acme_whatsapp)))
    with operator_scope():
        Channel.objects.update(
            status="needs_reauth", status_reason="Refused.", parked_at=timezone.now()
        )
    parked = fields_of(staff.get(page_of(acme_whatsapp)))

    assert (live & of_parked, parked - live) == (set(), of_parked)


def test_the_page_says_what_the_provider_said_of_the_token(staff, acme_whatsapp):
    def said(**health: dict[str, str]) -> str:
        with operator_scope():
            Channel.objects.update(health=health)
        page = staff.get(page_of(acme_whatsapp)).content.decode()
        proof = page.split('field-proof">')[1].split('<div class="readonly">')[1]
        return " ".join(re.sub("<[^>]*>", " ", proof.split("</div>")[0]).split())

    at = timezone.now().isoformat()

    assert said() == "Not asked yet"
    assert said(check={"value": "ok", "at": at}) == "Accepted just now"
    assert said(check={"value": "Its name is refused.", "at": at}) == (
        "Something is to be repaired just now Its name is refused."
    )


def test_a_channel_without_a_name_is_called_by_its_number(acme_whatsapp):
    assert str(Channel(kind="whatsapp", external_id="1", phone_number="4670")) == "WhatsApp +4670"
    assert str(Channel(kind="whatsapp", external_id="1")) == "WhatsApp 1"
    assert str(Channel(kind="whatsapp", external_id="1", name="Shop")) == "Shop"
