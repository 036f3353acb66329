"""A tenant's own people: they sign in at /staff/ and are, for each page, in their tenant's scope
and in no other's.
"""

import re

import pytest
import requests
from django.core.management import CommandError
from django.db import IntegrityError

from tenants.members.memberships import Member, memberships_of
from tenants.models import Membership, User
from tenants.scope import auth_scope, current_scope, member_scope, operator_scope, tenant_scope
from tests.support.commands import command
from tests.support.members import employ, sign_in
from tests.support.raw import refusal, rows

DENIED = "42501"


def test_who_signs_in_sees_the_tenants_they_work_for_and_no_others(web, acme, globex):
    employ("ada", acme, "owner")
    _, home = sign_in(web, "ada")

    assert (home.url, re.findall(r"<strong>(.*?)</strong> <span[^>]*>(.*?)</span>", home.text)) == (
        f"{web}/staff/",
        [("<bdi>Acme</bdi>", "acme · owner")],
    )


def test_who_works_for_nobody_is_told_so(web, acme):
    with operator_scope():
        User.objects.create_user("grace", password="correct horse")
    _, home = sign_in(web, "grace")

    assert (home.status_code, "You work for no business yet." in home.text) == (200, True)


def test_a_wrong_password_and_an_inactive_account_stay_outside(web, acme):
    employ("ada", acme)
    with operator_scope():
        User.objects.filter(username="ada").update(is_active=False)
    _, inactive = sign_in(web, "ada")
    _, unknown = sign_in(web, "nobody")

    assert [(each.url.partition("?")[0], each.status_code) for each in (inactive, unknown)] == [
        (f"{web}/staff/login/", 200)
    ] * 2
    assert requests.get(f"{web}/staff/", timeout=10).url == f"{web}/staff/login/?next=/staff/"


def test_signing_out_ends_it(web, acme):
    employ("ada", acme)
    session, home = sign_in(web, "ada")
    token = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', home.text)[1]
    session.post(
        f"{web}/staff/logout/",
        data={"csrfmiddlewaretoken": token},
        headers={"Referer": f"{web}/staff/"},
        timeout=10,
    )

    assert session.get(f"{web}/staff/", timeout=10).url == f"{web}/staff/login/?next=/staff/"


def test_a_member_gets_no_further_than_the_sign_in_page_of_the_back_office(web, acme):
    employ("ada", acme, "owner")
    session, _ = sign_in(web, "ada")

    answer = session.get(f"{web}/admin/tenants/tenant/", timeout=10)
    assert (answer.url.partition("?")[0], "acme" in answer.text) == (f"{web}/admin/login/", False)


def test_membership_is_looked_up_while_signing_in_and_nothing_else_of_tenants_is(acme, globex):
    user = employ("ada", acme, "admin")

    with auth_scope():
        assert memberships_of(user.id) == [Member(acme.id, "acme", "Acme", "admin")]
        assert memberships_of(None) == []
        assert (refusal("SELECT 1 FROM memberships"), refusal("SELECT 1 FROM tenants")) == (
            DENIED,
            DENIED,
        )
    with tenant_scope(acme.id):
        assert refusal("SELECT * FROM memberships_of(%s)", user.id) == DENIED


def test_a_members_scope_is_the_tenants_and_ends_where_it_began(acme, globex):
    seen = (
        "SELECT current_user::text, coalesce(current_setting('app.tenant_id', true), ''), (SELECT"
        " count(*) FROM {})"
    )
    with auth_scope():
        with member_scope(acme.id):
            inside = rows(seen.format("tenants"))
        assert (inside, rows(seen.format("users"))) == (
            [("msg_app", str(acme.id), 1)],
            [("msg_auth", "", 0)],
        )


@pytest.mark.parametrize("scope", [operator_scope, auth_scope])
def test_only_the_sign_in_scope_turns_into_a_members(scope, acme):
    with scope():
        before = current_scope() if scope is operator_scope else None
        with pytest.raises(RuntimeError), member_scope(acme.id), member_scope(acme.id):
            pytest.fail("a scope was nested")
        assert before is None or current_scope() == before


def test_a_user_works_for_a_tenant_once_and_in_a_known_role(acme):
    user = employ("ada", acme)

    for role in ("owner", "emperor"):
        with pytest.raises(IntegrityError), operator_scope():
            Membership.objects.create(tenant=acme, user=user, role=role)


@pytest.mark.parametrize(
    ("tenant", "user", "sentence"),
    [
        ("nobody", "ada", "There is no tenant 'nobody'. Create it with create_tenant."),
        ("acme", "nobody", "There is no user 'nobody'. Create them in the back-office."),
    ],
)
def test_a_member_who_cannot_be_added_is_refused_with_a_sentence(acme, tenant, user, sentence):
    with pytest.raises(CommandError) as refused:
        command("add_member", "--tenant", tenant, "--user", user, "--role", "owner")

    assert str(refused.value) == sentence
