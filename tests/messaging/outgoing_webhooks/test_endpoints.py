"""A tenant's endpoints, and that nobody else's are in its reach."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import IntegrityError, ProgrammingError, connections

from messaging.models import WebhookAttempt, WebhookEndpoint, WebhookSetAside
from messaging.outgoing_webhooks import addresses, endpoints
from messaging.outgoing_webhooks.addresses import CheckedAddress
from tenants.scope import NoTenantScope, operator_scope, tenant_scope, webhooks_scope
from tests.messaging.outgoing_webhooks.happening import happen
from tests.support.processes import eventually
from tests.support.raw import refusal, rows
from tests.support.together import ASLEEP

TABLES = ("webhook_attempts", "webhook_endpoints", "webhook_set_aside")
DENIED = "42501"
ADDRESS = CheckedAddress("https://crm.example/hooks")
MODELS = (WebhookAttempt, WebhookEndpoint, WebhookSetAside)


def test_the_secret_is_told_once_and_sealed(acme, db_rows):
    with tenant_scope(acme.id):
        endpoint, secret = endpoints.create(acme.id, ADDRESS, description="our CRM")
        kept = WebhookEndpoint.objects.get()

    assert secret.startswith("whsec_")
    assert kept.secrets() == {"current": secret}
    row = str(db_rows.execute("SELECT to_jsonb(e) FROM messaging.webhook_endpoints e").fetchall())
    assert (secret in row, secret[6:] in row) == (False, False)
    assert (endpoint.api_version, endpoint.status, str(endpoint)) == ("v1", "enabled", "our CRM")
    assert str(WebhookEndpoint(url="https://crm.example:8443/sesame?a=b")) == "crm.example:8443"


def test_an_endpoint_is_made_in_a_scope_that_sees_its_owner(acme, globex):
    with pytest.raises(NoTenantScope):
        endpoints.create(acme.id, ADDRESS)
    for owner_id in (globex.id, None):
        with pytest.raises(ProgrammingError) as refused, tenant_scope(acme.id):
            endpoints.create(owner_id, ADDRESS)
        assert refused.value.__cause__.sqlstate == DENIED
    with operator_scope():
        for owner_id in (acme.id, None):
            endpoint, secret = endpoints.create(owner_id, ADDRESS)
            kept = WebhookEndpoint.objects.get(id=endpoint.id)
            assert (kept.tenant_id, kept.secrets()) == (owner_id, {"current": secret})


def test_a_tenant_has_twenty_endpoints_at_most_and_so_has_the_platform(acme, globex):
    for owner_id in (acme.id, None):
        with operator_scope():
            for _ in range(20):
                endpoints.create(owner_id, ADDRESS)
            with pytest.raises(endpoints.Refused) as refused:
                endpoints.create(owner_id, ADDRESS)
        assert str(refused.value) == "There are 20 endpoints already, which is the most."
    with tenant_scope(globex.id):
        endpoints.create(globex.id, ADDRESS)


@pytest.mark.parametrize("is_platforms", [False, True])
def test_of_two_at_once_one_gets_the_twentieth_place(acme, db_rows, is_platforms):
    owner_id = None if is_platforms else acme.id

    def another():
        try:
            with operator_scope():
                endpoints.create(owner_id, ADDRESS)
        finally:
            connections.close_all()

    with operator_scope():
        for _ in range(19):
            endpoints.create(owner_id, ADDRESS)
    with ThreadPoolExecutor(1) as pool:
        with operator_scope():
            endpoints.create(owner_id, ADDRESS)
            second = pool.submit(another)
            asleep = eventually(lambda: db_rows.execute(ASLEEP).fetchone() == (1,), seconds=5)
        error = second.exception()

    assert (asleep, type(error)) == (True, endpoints.Refused)


def test_types_that_no_event_has_are_refused_with_those_that_there_are(acme):
    with tenant_scope(acme.id):
        endpoint, _ = endpoints.create(
            acme.id, ADDRESS, types=["message.status", "message.received"] * 2
        )
        assert endpoint.types == ["message.received", "message.status"]
        for attempt in (
            lambda: endpoints.create(acme.id, ADDRESS, types=["message.sent"]),
            lambda: endpoints.update(endpoint.id, types=["message.sent"]),
        ):
            with pytest.raises(endpoints.Refused) as refused:
                attempt()
            assert str(refused.value).startswith(
                "No event has the type 'message.sent'. There are: message.received, "
            )


@pytest.mark.parametrize("description", ["x" * 201, "a\x00b", "\ud800"])
def test_a_description_that_cannot_be_kept_is_refused(acme, description):
    with tenant_scope(acme.id):
        endpoint, _ = endpoints.create(acme.id, ADDRESS, description="x" * 200)
        for attempt in (
            lambda: endpoints.create(acme.id, ADDRESS, description=description),
            lambda: endpoints.update(endpoint.id, description=description),
        ):
            with pytest.raises(endpoints.Refused) as refused:
                attempt()
            assert str(refused.value) == "A description is a text of at most 200 characters."


def test_what_is_given_is_changed_and_the_rest_stays(acme):
    with tenant_scope(acme.id):
        endpoint, secret = endpoints.create(
            acme.id, ADDRESS, types=["message.status"], description="CRM"
        )
        changed = endpoints.update(endpoint.id, description="ERP")
        assert (changed.url, changed.types, changed.description) == (
            ADDRESS.url,
            ["message.status"],
            "ERP",
        )
        changed = endpoints.update(endpoint.id, types=[])
        assert (changed.types, changed.secrets()) == ([], {"current": secret})


def test_a_rotation_goes_on_where_the_old_secret_no_longer_opens(acme, settings):
    with tenant_scope(acme.id):
        endpoint, _ = endpoints.create(acme.id, ADDRESS)
    settings.ENCRYPTION_KEYS = {"k9": bytes(32)}
    with tenant_scope(acme.id):
        secret = endpoints.rotate_secret(endpoint.id)
        kept = WebhookEndpoint.objects.get()

    assert kept.secrets_at(kept.created_at) == (secret,) or kept.secrets() == {"current": secret}


def test_an_endpoint_goes_with_what_was_set_aside_for_it_and_its_log(
    acme, endpoint, subscriber, acme_happens, deliver
):
    subscriber.answer = lambda received: 500
    acme_happens("a1 a2")
    deliver()
    with tenant_scope(acme.id):
        assert [model.objects.count() for model in MODELS] == [1, 1, 2]
        endpoints.delete(endpoint.id)
        assert [model.objects.count() for model in MODELS] == [0, 0, 0]


def test_one_that_is_deleted_during_its_turn_leaves_nothing(
    acme, endpoint, subscriber, acme_happens, deliver
):
    def delete(received):
        with tenant_scope(acme.id):
            endpoints.delete(endpoint.id)
        return 500

    subscriber.answer = delete
    acme_happens("a1")
    deliver()
    with operator_scope():
        assert [model.objects.count() for model in MODELS] == [0, 0, 0]


def test_how_many_events_it_is_behind_is_one_number(
    acme, endpoint, subscriber, register, acme_happens, deliver, monkeypatch
):
    other = register(acme, subscriber.url, types=["contact.created"])

    def behind():
        with tenant_scope(acme.id):
            found = endpoints.behind([endpoint.id, other.id])
            return found[endpoint.id], found[other.id]

    assert behind() == (0, 0)
    acme_happens("a1 a2 b1")
    acme_happens("c1", type="contact.created")
    assert behind() == (4, 1)
    subscriber.answer = lambda received: 500 if received.data["name"] == "a1" else 200
    deliver()
    assert behind() == (2, 0)
    acme_happens("d1 e1")
    monkeypatch.setattr(endpoints, "COUNTED", 3)
    assert behind() == (3, 0)
    with tenant_scope(acme.id):
        assert endpoints.behind([]) == {}


def test_an_endpoint_is_behind_by_what_it_wants_of_its_own_tenant_or_of_all(
    acme, globex, subscriber, register, acme_happens
):
    wanted = [(owner, types) for owner in (acme, None) for types in ([], ["contact.created"])]
    ids = [register(owner, subscriber.url, types=types).id for owner, types in wanted]
    acme_happens("a1 a2")
    happen(globex.id, "g1")
    happen(globex.id, "g2", type="contact.created")

    with operator_scope():
        found = endpoints.behind(ids)
    assert [found[id] for id in ids] == [2, 0, 4, 1]


@pytest.fixture
def two(acme, globex, subscriber, register, deliver):
    """Acme's and Globex's endpoint, each with something set aside and a log."""
    subscriber.answer = lambda received: 500
    both = register(acme, subscriber.url), register(globex, subscriber.url)
    happen(acme.id, "a1 a2")
    happen(globex.id, "g1 g2")
    deliver()
    return both


def test_a_tenant_sees_its_own_endpoints_log_and_what_is_set_aside_and_no_others(acme, globex, two):
    for tenant, own in ((acme, two[0]), (globex, two[1])):
        with tenant_scope(tenant.id):
            assert list(WebhookEndpoint.objects.values_list("id", flat=True)) == [own.id]
            for table in ("webhook_attempts", "webhook_set_aside"):
                query = f"SELECT DISTINCT endpoint_id FROM {table} WHERE tenant_id = %s OR true"
                assert rows(query, acme.id) == [(own.id,)]
    with operator_scope():
        assert {endpoint.id for endpoint in WebhookEndpoint.objects.all()} == {two[0].id, two[1].id}


def test_a_tenant_changes_nothing_of_anothers(acme, globex, two, subscriber, db_rows):
    theirs = two[1].id
    query = "SELECT to_jsonb(e) FROM messaging.webhook_endpoints e WHERE id = %s"
    before = db_rows.execute(query, [theirs]).fetchall()
    address = addresses.checked(subscriber.url)
    with tenant_scope(acme.id):
        assert (endpoints.disable([theirs]), endpoints.enable([theirs])) == ([], [])
        assert endpoints.behind([theirs]) == {}
        for attempt in (
            lambda: endpoints.update(theirs, address=address),
            lambda: endpoints.rotate_secret(theirs),
            lambda: endpoints.delete(theirs),
        ):
            with pytest.raises(WebhookEndpoint.DoesNotExist):
                attempt()

    assert db_rows.execute(query, [theirs]).fetchall() == before


def test_nothing_of_a_tenants_points_to_an_endpoint_of_anothers_or_of_the_platforms(acme, two):
    with operator_scope():
        platforms = WebhookEndpoint.objects.create(url="https://ops.example/")
    for endpoint in (two[1], platforms):
        with pytest.raises(IntegrityError), tenant_scope(acme.id):
            WebhookSetAside.objects.create(
                tenant=acme,
                endpoint_id=endpoint.id,
                event_id=endpoint.id,
                stream_id=endpoint.id,
                position=1,
            )


def test_no_tenant_sees_or_makes_an_endpoint_of_the_platforms_own(acme, db_rows):
    with operator_scope():
        WebhookEndpoint.objects.create(url="https://ops.example/")
    with tenant_scope(acme.id):
        assert rows("SELECT id FROM webhook_endpoints WHERE true OR tenant_id IS NULL") == []
        make = """INSERT INTO webhook_endpoints SELECT (jsonb_populate_record(
                  NULL::webhook_endpoints, jsonb_build_object('id', gen_random_uuid(), 'url', 'x')
                  )).*"""
        assert refusal(make) == DENIED


def test_who_delivers_reads_and_writes_what_it_must_and_no_more(acme, two):
    refused = [
        "UPDATE webhook_endpoints SET url = 'https://elsewhere.example'",
        "UPDATE webhook_endpoints SET credentials = ''",
        "INSERT INTO webhook_endpoints (id) VALUES (gen_random_uuid())",
        "DELETE FROM webhook_endpoints",
        "SELECT 1 FROM webhook_attempts",
        "UPDATE webhook_attempts SET answer = ''",
        "INSERT INTO events (id) VALUES (gen_random_uuid())",
        "UPDATE events SET position = 1",
        "DELETE FROM events",
        "SELECT 1 FROM messages",
        "SELECT 1 FROM contacts",
        "SELECT 1 FROM channels",
        "SELECT 1 FROM tenants",
        "SELECT 1 FROM users",
    ]
    with webhooks_scope():
        assert {each: refusal(each) for each in refused} == dict.fromkeys(refused, DENIED)
        assert refusal("SELECT 1 FROM events") is None
