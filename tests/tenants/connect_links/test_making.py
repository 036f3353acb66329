"""Links are made for an active tenant, for kinds that have a page, for thirty days at most, by
software, by a command and in the back-office.
"""

import html
import io
import json
import re
from datetime import UTC, datetime, timedelta

import pytest
import requests
from django.core.management import CommandError, call_command
from django.db import IntegrityError
from django.utils import timezone
from uuid_utils.compat import uuid7

from tenants.connect_links import making, opening
from tenants.connect_links.making import create
from tenants.models import ConnectLink, Tenant
from tenants.scope import operator_scope, router_scope, tenant_scope
from tests.support.back_office import form_for, sign_in
from tests.support.forms import post

pytestmark = pytest.mark.whatsapp

BACK = "https://shop.example/back"


def tomorrow() -> datetime:
    return timezone.now() + timedelta(days=1)


def links() -> list[ConnectLink]:
    with operator_scope():
        return list(ConnectLink.objects.select_related("tenant").order_by("id"))


def test_a_link_is_made_in_the_tenants_own_scope_or_the_operators(acme, settings):
    settings.PUBLIC_URL = "https://chat.example"
    expires_at = tomorrow()
    with tenant_scope(acme.id):
        first = create(acme.id, "whatsapp", BACK, expires_at, "a platform key")
    with operator_scope():
        second = create(acme.id, "whatsapp", BACK, expires_at, "a platform key")

    made = links()
    assert [each.partition("/link/")[0] for each in (first, second)] == [
        "https://chat.example/connect/whatsapp"
    ] * 2
    assert [opening.read(each.rpartition("/")[2]) for each in (first, second)] == [
        each.id for each in made
    ]
    assert {
        (each.tenant_id, each.kind, each.return_url, each.expires_at, each.created_by, each.state)
        for each in made
    } == {(acme.id, "whatsapp", BACK, expires_at, "a platform key", "new")}


def test_no_link_is_made_for_a_tenant_from_anothers_scope(acme, globex):
    with tenant_scope(globex.id), pytest.raises(making.TenantRefused):
        create(acme.id, "whatsapp", BACK, tomorrow(), "")
    assert links() == []


@pytest.mark.parametrize(
    ("given", "refused", "sentence"),
    [
        pytest.param(
            {"kind": "pigeon"},
            making.KindRefused,
            'No link connects a channel of the kind "pigeon". There are links for: whatsapp.',
            id="kind",
        ),
        pytest.param(
            {"return_url": "http://shop.example"},
            making.ReturnAddressRefused,
            "The return address must be https.",
            id="return address",
        ),
        pytest.param(
            {"expires_at": datetime(2020, 1, 1, tzinfo=UTC)},
            making.ExpiryRefused,
            "The expiry is in the past.",
            id="past",
        ),
        pytest.param(
            {"expires_at": datetime.max.replace(tzinfo=UTC)},
            making.ExpiryRefused,
            "The expiry may be 30 days ahead at most.",
            id="too far",
        ),
        pytest.param(
            {"expires_at": datetime.max},
            making.ExpiryRefused,
            "The expiry must be a moment with a time zone.",
            id="no time zone",
        ),
        pytest.param(
            {"tenant_id": uuid7()}, making.TenantRefused, "There is no such tenant.", id="nobody"
        ),
    ],
)
def test_what_cannot_be_made_says_why_in_a_sentence(acme, given, refused, sentence):
    told = {
        "tenant_id": acme.id,
        "kind": "whatsapp",
        "return_url": BACK,
        "expires_at": tomorrow(),
        "by": "",
    }
    with operator_scope(), pytest.raises(refused, match=re.escape(sentence)) as caught:
        create(**told | given)

    assert (str(caught.value), isinstance(caught.value, ValueError)) == (sentence, True)
    assert links() == []


def test_a_suspended_tenant_gets_no_link(acme):
    with operator_scope():
        Tenant.objects.update(status="suspended")
        with pytest.raises(making.TenantRefused, match="The tenant is suspended"):
            create(acme.id, "whatsapp", BACK, tomorrow(), "")


def test_thirty_days_are_taken_to_the_second(acme):
    with operator_scope():
        create(acme.id, "whatsapp", BACK, timezone.now() + timedelta(days=30), "")
        with pytest.raises(making.ExpiryRefused):
            ahead = timezone.now() + timedelta(days=30, minutes=1)
            create(acme.id, "whatsapp", BACK, ahead, "")


def test_a_link_is_used_by_one_channel_once(acme):
    with operator_scope():
        create(acme.id, "whatsapp", BACK, tomorrow(), "")
    (link,) = links()
    first, second = uuid7(), uuid7()
    with operator_scope():
        used = [ConnectLink.objects.use(link.id, each) for each in (first, second, first)]

    assert (used, links()[0].channel_id, links()[0].state) == ([True, False, True], first, "used")


@pytest.mark.parametrize(
    ("change", "rule"),
    [
        ({"used_at": "2026-01-01T00:00:00Z"}, "connect_link_is_used_by_a_channel"),
        ({"channel_id": str(uuid7())}, "connect_link_is_used_by_a_channel"),
    ],
)
def test_the_database_knows_that_a_used_link_has_a_channel(acme, change, rule):
    with operator_scope():
        create(acme.id, "whatsapp", BACK, tomorrow(), "")
    with pytest.raises(IntegrityError, match=rule), operator_scope():
        ConnectLink.objects.update(**change)


def test_the_database_takes_no_return_address_that_is_no_page(acme):
    with (
        pytest.raises(IntegrityError, match="connect_link_leads_back_to_a_page"),
        operator_scope(),
    ):
        ConnectLink.objects.create(
            tenant=acme, kind="whatsapp", return_url="javascript:x", expires_at=tomorrow()
        )


def test_the_sign_in_role_learns_whose_a_link_is_and_nothing_else(acme):
    with operator_scope():
        create(acme.id, "whatsapp", BACK, tomorrow(), "")
    (link,) = links()

    found = opening.find(link.id, "whatsapp")
    assert (found, found.tenant.name) == (link, "Acme")
    assert (opening.find(link.id, "pigeon"), opening.find(uuid7(), "whatsapp")) == (None, None)
    with pytest.raises(Exception, match="permission denied"), router_scope():
        ConnectLink.objects.get()


def command(*arguments: str) -> dict[str, str]:
    out = io.StringIO()
    call_command("create_connect_link", *arguments, stdout=out)
    (line,) = out.getvalue().splitlines()
    return json.loads(line)


def test_the_command_prints_a_link_and_when_it_ends(acme):
    told = command("--tenant", "acme", "--return-url", BACK, "--hours", "2")

    (link,) = links()
    assert told == {"url": opening.address_of(link), "expires_at": link.expires_at.isoformat()}
    ends_in = link.expires_at - timezone.now()
    assert timedelta(hours=1, minutes=59) < ends_in <= timedelta(hours=2)
    assert (link.kind, link.created_by) == ("whatsapp", "create_connect_link")


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["--tenant", "nobody", "--return-url", BACK], "There is no tenant 'nobody'."),
        (["--tenant", "acme", "--return-url", "shop"], "The return address is no address"),
        (["--tenant", "acme", "--return-url", BACK, "--hours", "0"], "--hours must be between"),
        (["--tenant", "acme", "--return-url", BACK, "--hours", "721"], "--hours must be between"),
        (["--tenant", "acme", "--return-url", BACK, "--kind", "pigeon"], "invalid choice"),
    ],
)
def test_the_command_says_why_it_makes_none(acme, arguments, sentence):
    with pytest.raises(CommandError, match=re.escape(sentence)):
        command(*arguments)
    assert links() == []


@pytest.fixture
def staff(web, acme) -> requests.Session:
    return sign_in(web, is_staff=True, is_superuser=True)


def test_staff_make_a_link_which_is_shown_once(web, staff, acme):
    address = f"{web}{form_for('tenants/connectlink', acme)}"
    made = post(staff, address, kind="whatsapp", return_url=BACK, hours="48")

    (link,) = links()
    assert opening.address_of(link) in html.unescape(made.text)
    assert (link.created_by, link.tenant_id) == ("grace", acme.id)
    token = opening.token_of(link)
    for page in ("", f"{link.id}/change/", f"{link.id}/history/"):
        shown = staff.get(f"{web}/admin/tenants/connectlink/{page}", timeout=10)
        assert (shown.status_code, token in shown.text) == (200, False)


def test_staff_are_told_why_no_link_is_made(web, staff, acme):
    wrong = {"kind": "whatsapp", "return_url": "http://shop.example"}
    refused = post(staff, f"{web}{form_for('tenants/connectlink', acme)}", hours="48", **wrong)

    assert ("The return address must be https." in refused.text, links()) == (True, [])


def test_the_back_office_lists_links_with_their_states_and_changes_none(web, staff, acme, db_rows):
    states = {
        "new": "",
        "opened": "opened_at = now()",
        "expired": "expires_at = now()",
        "used": "used_at = now(), channel_id = id",
    }
    for change in states.values():
        with operator_scope():
            create(acme.id, "whatsapp", BACK, tomorrow(), "a test")
        if change:
            newest = "(SELECT id FROM messaging.connect_links ORDER BY id DESC LIMIT 1)"
            db_rows.execute(f"UPDATE messaging.connect_links SET {change} WHERE id = {newest}")

    page = staff.get(f"{web}/admin/tenants/connectlink/", timeout=10).text
    badges = re.findall(r'class="badge badge-\w+">(\w+)<', page)
    assert badges == [each.capitalize() for each in reversed(states)]
    change = staff.get(f"{web}/admin/tenants/connectlink/{links()[0].id}/change/", timeout=10).text
    assert ('name="_save"' in change, "deletelink" in change, BACK in change) == (
        False,
        False,
        True,
    )
