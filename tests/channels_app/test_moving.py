"""An operator moves a number to another tenant: it stays where it is until the provider accepts
that tenant's token.
"""

import pytest

from channels_app.models import Channel, ChannelMove
from tenants.models import User
from tenants.scope import auth_scope, operator_scope
from tests.support.back_office import said, sign_in
from tests.support.cast import REPLY, thread_of
from tests.support.forms import post

pytestmark = pytest.mark.whatsapp

ASKED = (
    "The provider is being asked. The number moves as soon as it accepts the token; open this page"
    " again to see what it said."
)


@pytest.fixture
def staff(web, db_rows):
    return sign_in(web, is_staff=True, is_superuser=True)


@pytest.fixture
def move(web, staff, acme_whatsapp, globex, graph):
    """Fill in the page that moves Acme's number."""

    def move(tenant: str = "globex", token: str = "EAAG-of-globex"):
        address = f"{web}/admin/channels/channel/{acme_whatsapp.id}/move/"
        return post(staff, address, tenant=tenant, access_token=token)

    return move


def channels() -> list[tuple[str, str]]:
    with operator_scope():
        return list(Channel.objects.order_by("id").values_list("tenant__slug", "status"))


def test_a_number_moves_once_the_provider_accepts_the_token(
    move, web, staff, acme, globex, acme_whatsapp, jobs, write, work, graph, all_told
):
    page = staff.get(f"{web}/admin/channels/channel/{acme_whatsapp.id}/change/", timeout=10).text
    answer = move()
    before = channels()
    jobs()
    after = channels()
    write("Whose are you?")
    work()
    with auth_scope():
        grace = User.objects.get().id
    with operator_scope():
        moves = list(
            ChannelMove.objects.values_list("from_tenant_id", "to_tenant_id", "by_user_id")
        )
        secrets = [each.credentials and each.secrets() for each in Channel.objects.order_by("id")]

    assert f'/admin/channels/channel/{acme_whatsapp.id}/move/">Move to another tenant' in page
    assert said(answer) == [ASKED]
    assert before == [("acme", "live"), ("globex", "pending")]
    assert after == [("acme", "disconnected"), ("globex", "live")]
    assert moves == [(acme.id, globex.id, grace)]
    assert secrets == ["", {"access_token": "EAAG-of-globex"}]
    assert thread_of(acme) == []
    assert thread_of(globex) == [
        ("inbound", "Whose are you?", "received"),
        ("outbound", REPLY, "accepted"),
    ]


def test_a_number_stays_where_it_is_when_the_token_is_refused(move, jobs, graph, all_told):
    graph.onboarding_script["number"].extend([{"code": 190, "http": 401}] * 2)
    move()
    jobs()

    assert channels() == [("acme", "live"), ("globex", "pending")]
    with operator_scope():
        assert not ChannelMove.objects.exists()
        waiting = Channel.objects.get(tenant__slug="globex")
    assert waiting.status_reason.startswith("The access token no longer works") is True


def test_what_cannot_be_moved_says_why(move, web, staff, acme_whatsapp):
    refusals = {
        "nobody": "No tenant has this short name.",
        "acme": "The number is that tenant&#x27;s already.",
    }
    assert [said in move(tenant).text for tenant, said in refusals.items()] == [True, True]
    assert "This holds characters that no token has." in move(token="no token").text
    move()
    assert "The tenant has a channel of this number already, which waits." in move().text
    with operator_scope():
        Channel.objects.filter(id=acme_whatsapp.id).update(status="disconnected")
    assert "Only a connected channel of a provider can be moved." in move().text
    page = staff.get(f"{web}/admin/channels/channel/{acme_whatsapp.id}/change/", timeout=10).text
    assert ("Move to another tenant" in page, len(channels())) == (False, 2)


def test_who_may_only_look_moves_nothing(web, acme_whatsapp, globex):
    session = sign_in(web, is_staff=True)
    address = f"{web}/admin/channels/channel/{acme_whatsapp.id}/move/"
    form = {"tenant": "globex", "access_token": "EAAG-of-globex"}
    form["csrfmiddlewaretoken"] = session.cookies["csrftoken"]

    answer = session.post(address, data=form, headers={"Referer": address}, timeout=10)
    assert (answer.status_code, channels()) == (403, [("acme", "live")])
