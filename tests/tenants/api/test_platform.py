"""The platform's own software makes and suspends tenants and gives them keys, and reaches no
tenant's data.
"""

import uuid

import pytest
from django.core.management import CommandError

from tenants.models import Tenant
from tenants.scope import operator_scope
from tests.support.api import Caller, faults_of
from tests.support.api_schema import operations, sample
from tests.support.commands import command

NOBODY = str(uuid.UUID(int=0))
PLATFORMS = [each for each in operations() if each.is_platforms]
TENANTS = [each for each in operations() if not each.is_platforms]


def test_a_tenant_is_made_and_its_own_software_begins_with_a_key_of_it(platform, web):
    tenant = platform.post("tenants", {"slug": "ada-ltd", "name": "Ada Ltd."}).json()
    made = platform.post(
        f"tenants/{tenant['id']}/keys", {"name": "Shop", "scopes": ["channels:read"]}
    )

    assert (tenant["slug"], tenant["name"], tenant["status"]) == ("ada-ltd", "Ada Ltd.", "active")
    assert (made.status_code, made.json()["scopes"]) == (201, ["channels:read"])
    shop = Caller(web, made.json()["key"])
    assert shop.get("channels").json() == {"items": [], "next": None}
    assert shop.get("messages").status_code == 403


def test_a_suspended_tenant_changes_nothing_until_it_goes_on(platform, acme, acmes):
    platform.patch(f"tenants/{acme.id}", {"status": "suspended"})
    refused = acmes.put("auto-reply", {"auto_reply": ""})
    told = platform.patch(f"tenants/{acme.id}", {"status": "active", "name": "Acme 2"}).json()

    assert (refused.status_code, told["status"], told["name"]) == (403, "active", "Acme 2")
    assert acmes.put("auto-reply", {"auto_reply": ""}).status_code == 200


def test_a_key_is_shown_once_listed_without_itself_and_revoked(platform, acme, web):
    made = platform.post(f"tenants/{acme.id}/keys", {"name": "Shop"}).json()
    shop = Caller(web, made["key"])
    before = shop.get("channels").status_code

    listed = platform.items(f"tenants/{acme.id}/keys")
    revoked = [platform.call("DELETE", f"tenants/{acme.id}/keys/{made['id']}") for _ in range(2)]

    assert [(each["prefix"], each["state"]) for each in listed] == [(made["prefix"], "active")]
    assert made["key"] not in str(listed)
    assert [(each.status_code, each.content) for each in revoked] == [(204, b""), (204, b"")]
    assert (before, shop.get("channels").status_code) == (200, 401)
    assert platform.items(f"tenants/{acme.id}/keys")[0]["state"] == "revoked"


def test_a_key_is_found_under_its_own_tenant_alone(platform, acme, globex):
    made = platform.post(f"tenants/{acme.id}/keys", {"name": "Shop"}).json()

    refused = platform.call("DELETE", f"tenants/{globex.id}/keys/{made['id']}")

    assert refused.status_code == 404
    assert platform.items(f"tenants/{acme.id}/keys")[0]["state"] == "active"


def test_tenants_are_listed_the_newest_first(platform, acme, globex):
    assert [each["slug"] for each in platform.items("tenants", limit=1)] == ["globex", "acme"]
    assert platform.get(f"tenants/{acme.id}").json()["slug"] == "acme"


@pytest.mark.parametrize(
    ("body", "status", "pointer"),
    [
        ({"slug": "acme", "name": "Acme"}, 409, "/slug"),
        ({"slug": "Acme", "name": "Acme"}, 422, "/slug"),
        ({"slug": "a/b", "name": "Acme"}, 422, "/slug"),
        ({"slug": "a\n", "name": "Acme"}, 422, "/slug"),
        ({"slug": "x" * 64, "name": "Acme"}, 422, "/slug"),
        ({"slug": "new", "name": ""}, 422, "/name"),
        ({"slug": "new"}, 422, "/name"),
        ({"slug": "new", "name": "New", "status": "active"}, 422, "/status"),
    ],
)
def test_a_tenant_that_cannot_be_made_says_why(platform, acme, body, status, pointer):
    refused = platform.post("tenants", body)

    assert (refused.status_code, {place for place, _ in faults_of(refused)}) == (status, {pointer})
    with operator_scope():
        assert Tenant.objects.count() == 1


@pytest.mark.parametrize(
    ("body", "pointer"),
    [
        ({"name": ""}, "/name"),
        ({"name": "x", "scopes": []}, "/scopes"),
        ({"name": "x", "scopes": ["platform"]}, "/scopes/0"),
        ({"name": "x", "expires_at": "2020-01-01T00:00:00Z"}, "/expires_at"),
        ({"name": "x", "expires_at": "2040-01-01T00:00:00"}, "/expires_at"),
    ],
)
def test_a_key_that_cannot_be_made_says_why(platform, acme, body, pointer):
    refused = platform.post(f"tenants/{acme.id}/keys", body)

    assert (refused.status_code, [place for place, _ in faults_of(refused)]) == (422, [pointer])


@pytest.mark.parametrize("operation", PLATFORMS, ids=lambda each: each.id)
def test_no_tenants_key_does_what_the_platform_does(operation, acme, acmes):
    path = operation.path.replace("{id}", str(acme.id)).replace("{key_id}", NOBODY)

    refused = acmes.call(
        operation.method, path, json=sample(operation.body) if operation.body else None
    )

    assert (refused.status_code, refused.json()["detail"]) == (
        403,
        "The key lacks the scope platform.",
    )


@pytest.mark.parametrize("operation", TENANTS, ids=lambda each: each.id)
def test_no_platform_key_does_what_a_tenant_does(operation, platform, acme):
    path = operation.path.replace("{id}", NOBODY)

    refused = platform.call(
        operation.method, path, json=sample(operation.body) if operation.body else None
    )

    assert (refused.status_code, refused.json()["code"]) == (403, "missing_scope")


def test_a_platform_key_is_not_made_with_the_scopes_of_tenants(db_rows):
    with pytest.raises(CommandError) as refused:
        command("create_api_key", "--platform", "--name", "Billing", "--scope", "messages:read")

    assert str(refused.value) == "A platform's key has the scope platform alone: leave out --scope."
    assert command("list_api_keys", "--platform")["keys"] == []


def test_a_platform_key_is_made_by_a_command(web, db_rows):
    made = command("create_api_key", "--platform", "--name", "Billing")

    assert (made["key"][:4], made["scopes"]) == ("msp_", ["platform"])
    assert Caller(web, made["key"]).get("tenants").status_code == 200
    assert command("list_api_keys", "--platform")["keys"][0]["prefix"] == made["prefix"]
    assert command("revoke_api_key", "--platform", made["prefix"])["revoked"] is True
    assert Caller(web, made["key"]).get("tenants").status_code == 401
