"""A key of the API: shown once, stored as a hash, good for its scopes and its tenant, until it
expires or is revoked.
"""

import json
import re
import time
from datetime import timedelta

import pytest
from django.core.management import CommandError
from django.utils import timezone

from tenants.admin.api_keys import ApiKeyForm
from tenants.api_keys.keys import hash_of
from tenants.models import OF_TENANTS, ApiKey, Tenant
from tenants.scope import operator_scope, tenant_scope
from tests.support.api import Caller, new_key
from tests.support.commands import command
from tests.support.together import at_once

KEY = re.compile("msk_[A-Za-z0-9]{43}")


def test_a_key_is_printed_once_and_its_hash_alone_is_stored(acme, db_rows):
    made = command("create_api_key", "--tenant", "acme", "--name", "Shop")

    (row,) = db_rows.execute("SELECT to_jsonb(k)::text, k.hash FROM messaging.api_keys k")
    assert KEY.fullmatch(made["key"])
    assert made["prefix"] == made["key"][:10]
    assert made["key"][10:] not in row[0]
    assert row[1] == hash_of(made["key"])


def test_a_key_may_export_and_erase_people_only_where_its_maker_says_so(acme, platform):
    """All three who make keys: the command, the platform's software, and the back-office."""
    personal = {"contacts:export", "contacts:erase"}
    made = [
        command("create_api_key", "--tenant", "acme", "--name", "Shop"),
        platform.post(f"tenants/{acme.id}/keys", {"name": "Shop"}).json(),
    ]
    named = command(
        "create_api_key", "--tenant", "acme", "--name", "Shop", "--scope", "contacts:erase"
    )

    assert [set(key["scopes"]) for key in made] == [set(OF_TENANTS) - personal] * 2
    assert set(ApiKeyForm.declared_fields["scopes"].initial) == set(OF_TENANTS) - personal
    assert named["scopes"] == ["contacts:erase"]


def test_keys_differ(acme):
    keys = {new_key(acme) for _ in range(20)}

    assert len(keys) == 20


def test_the_list_of_keys_shows_none_of_them(acme):
    made = command("create_api_key", "--tenant", "acme", "--name", "Shop", "--days", "30")

    (listed,) = command("list_api_keys", "--tenant", "acme")["keys"]
    assert (listed["name"], listed["prefix"], listed["state"], listed["used_at"]) == (
        "Shop",
        made["prefix"],
        "active",
        None,
    )
    assert made["key"] not in json.dumps(listed)


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["--tenant", "nobody", "--name", "x"], "There is no tenant 'nobody'."),
        (["--tenant", "acme", "--name", " "], "NAME may have 1 to 100 characters"),
        (["--tenant", "acme", "--name", "a\0b"], "NAME may have 1 to 100 characters"),
        (["--tenant", "acme", "--name", "x", "--days", "0"], "--days must be between"),
        (["--tenant", "acme", "--name", "x", "--scope", "everything"], "invalid choice"),
    ],
)
def test_what_cannot_be_made_says_why(acme, arguments, sentence):
    with pytest.raises(CommandError, match=re.escape(sentence)):
        command("create_api_key", *arguments)


def test_a_revoked_key_is_refused_at_its_next_request(acme, web):
    made = command("create_api_key", "--tenant", "acme", "--name", "Shop")
    shop = Caller(web, made["key"])
    before = shop.get("channels")

    revoked = command("revoke_api_key", "--tenant", "acme", made["prefix"])

    after = shop.get("channels")
    assert (before.status_code, after.status_code) == (200, 401)
    assert (after.json()["code"], revoked["revoked"]) == ("invalid_key", True)
    assert command("revoke_api_key", "--tenant", "acme", made["id"])["revoked"] is False


def test_nobody_revokes_a_key_of_another_tenant(acme, globex, web):
    made = command("create_api_key", "--tenant", "acme", "--name", "Shop")

    with pytest.raises(CommandError, match="The tenant 'globex' has no such key"):
        command("revoke_api_key", "--tenant", "globex", made["id"])
    assert Caller(web, made["key"]).get("channels").status_code == 200


def test_a_key_is_refused_from_the_moment_that_it_expires(acme, web):
    soon = Caller(web, new_key(acme, expires_at=timezone.now() + timedelta(hours=1)))
    over = Caller(web, new_key(acme, expires_at=timezone.now() - timedelta(seconds=1)))

    assert (soon.get("channels").status_code, over.get("channels").status_code) == (200, 401)


def test_during_a_rotation_both_keys_are_good(acme, web):
    old, new = Caller(web, new_key(acme)), Caller(web, new_key(acme))

    assert (old.get("channels").status_code, new.get("channels").status_code) == (200, 200)


def test_a_key_does_what_its_scopes_name_and_nothing_else(acme, web):
    reader = Caller(web, new_key(acme, ["messages:read"]))

    refused = reader.post("messages", {})

    assert reader.get("messages").status_code == 200
    assert (refused.status_code, refused.json()["code"]) == (403, "missing_scope")
    assert refused.json()["detail"] == "The key lacks the scope messages:write."


@pytest.mark.parametrize(
    ("headers", "code"),
    [
        ({}, "no_key"),
        ({"Authorization": "Bearer"}, "no_key"),
        ({"Authorization": "Bearer "}, "no_key"),
        ({"Authorization": "Basic KEY"}, "no_key"),
        ({"X-Api-Key": "KEY"}, "no_key"),
        ({"Authorization": "Bearer msk_" + "0" * 43}, "invalid_key"),
        ({"Authorization": "Bearer KEYx"}, "invalid_key"),
        ({"Authorization": "Bearer KEY KEY"}, "invalid_key"),
        ({"Authorization": "Bearer msk_\xe4\xe4"}, "invalid_key"),
    ],
)
def test_without_a_good_key_in_its_header_nothing_is_answered(acme, web, headers, code):
    caller = Caller(web, key := new_key(acme))
    del caller.session.headers["Authorization"]
    given = {name: value.replace("KEY", key).encode("latin-1") for name, value in headers.items()}

    response = caller.call("GET", "channels", headers=given)

    assert (response.status_code, response.json()["code"]) == (401, code)
    assert response.headers["WWW-Authenticate"] == 'Bearer realm="messaging"'


def test_a_key_in_the_address_is_not_looked_for(acme, web):
    caller = Caller(web, key := new_key(acme))
    del caller.session.headers["Authorization"]

    assert caller.get("channels", api_key=key).status_code == 401
    assert Caller(web, key).get("channels", api_key=key).status_code == 400


def test_a_suspended_business_is_read_and_not_changed(acme, acmes):
    with operator_scope():
        Tenant.objects.filter(id=acme.id).update(status="suspended")

    refused = acmes.post("messages", {})

    assert acmes.get("messages").status_code == 200
    assert (refused.status_code, refused.json()["code"]) == (403, "tenant_suspended")


def test_each_use_of_a_key_is_noted(acme, acmes):
    before = timezone.now()

    acmes.get("channels")

    with operator_scope():
        assert before < ApiKey.objects.get().used_at < timezone.now()


def ask(caller: Caller, *, tokens: float | None = None):
    """Ask once while nothing flows into the bucket, which has so many tokens, or what is left."""
    with operator_scope():
        left = {} if tokens is None else {"tokens": tokens}
        ApiKey.objects.update(used_at=timezone.now() + timedelta(hours=1), **left)
    return caller.get("channels")


def test_a_key_may_ask_as_often_as_its_rate_limit_says(acme, web):
    key = new_key(acme)
    with operator_scope():
        ApiKey.objects.update(requests_per_second=1, burst=3)
    caller = Caller(web, key)

    answers = [ask(caller, tokens=3), *(ask(caller) for _ in range(3))]

    assert [answer.status_code for answer in answers] == [200, 200, 200, 429]
    assert answers[0].headers["RateLimit-Policy"] == '"key";q=3;w=3'
    assert answers[0].headers["RateLimit"] == '"key";r=2;t=1'
    assert (answers[3].json()["code"], answers[3].headers["Retry-After"]) == ("rate_limited", "1")


def test_a_bucket_fills_with_time_and_no_further_than_its_burst(acme, web):
    key = new_key(acme)
    with operator_scope():
        ApiKey.objects.update(
            requests_per_second=1,
            burst=3,
            tokens=0,
            used_at=timezone.now() - timedelta(hours=1),
        )
    caller = Caller(web, key)

    first = caller.get("channels")

    assert (first.status_code, first.headers["RateLimit"]) == (200, '"key";r=2;t=1')
    assert [ask(caller).status_code for _ in range(3)] == [200, 200, 429]


def test_many_at_once_never_get_more_than_the_limit(acme, web):
    key = new_key(acme)
    with operator_scope():
        ApiKey.objects.update(requests_per_second=1, burst=10)
    began = time.monotonic()

    codes = at_once(lambda _: Caller(web, key).get("channels").status_code, times=40, threads=8)

    flowed_in = time.monotonic() - began
    allowed = codes.count(200)
    assert 10 <= allowed <= min(40, 10 + flowed_in)
    assert codes.count(429) == 40 - allowed


def test_no_tenant_reads_the_keys_not_even_its_own(acme, acmes):
    with tenant_scope(acme.id), pytest.raises(Exception, match="permission denied"):
        list(ApiKey.objects.all())
