"""Owners invite people, change what they may do, and remove them; nobody else does, and never in
another tenant.
"""

import re
from concurrent.futures import ThreadPoolExecutor

import pytest
import requests
from django.db import DatabaseError, connection

from tenants.members import colleagues, invitations, roles
from tenants.members.colleagues import NotAllowed
from tenants.models import Invitation, Membership, Tenant, User
from tenants.scope import auth_scope, operator_scope, router_scope, tenant_scope
from tests.support.members import Person, alarm, employ, invited, membership, note, role_of

pytestmark = pytest.mark.whatsapp

NOT_YOURS = "Only owners of this business invite people, change what they may do, or remove them."
NOT_ONESELF = "Nobody changes or removes themselves. Ask another owner to do it."
GONE = "This person does not work here any more."


@pytest.fixture(autouse=True)
def mail(mailbox):
    """Mail can be sent."""


@pytest.fixture
def ada(acme: Tenant) -> User:
    return employ("ada", acme, "owner")


@pytest.fixture
def grace(acme: Tenant) -> User:
    return employ("grace", acme, "agent")


@pytest.fixture
def eve(globex: Tenant) -> User:
    """Globex's owner."""
    return employ("eve", globex, "owner")


@pytest.fixture
def person(web):
    return lambda name: Person(web, name)


def test_the_page_names_the_people_of_the_tenant_and_nobody_else(ada, grace, eve, person):
    page = person("ada").get("acme/members/")
    names = re.findall(
        r'<strong><bdi>(.*?)</bdi></strong>.*?<span class="end">(.*?)</span>', page.text
    )

    assert (page.status_code, names, "eve" in page.text) == (
        200,
        [("ada", "owner"), ("grace", "agent")],
        False,
    )


def test_who_is_no_owner_sees_colleagues_and_neither_forms_nor_invitations(ada, grace, person):
    person("ada").post("acme/members/invite/", email="new@acme.example", role="agent")
    page = person("grace").get("acme/members/")

    assert re.findall(r'<form method="post" action="(.*?)"', page.text) == ["/staff/logout/"]
    assert ("ada" in page.text, "new@acme.example" in page.text) == (True, False)


def test_the_page_says_what_each_role_may_do_as_the_table_in_the_code_does(ada, person):
    page = person("ada").get("acme/members/").text
    found = re.findall(r'<th scope="row">(.*?)</th>(.*?)</tr>', page, re.DOTALL)

    assert [
        (sentence, [">no<" not in cell for cell in cells.split("</td>")[:-1]])
        for sentence, cells in found
    ] == roles.table()


@pytest.mark.parametrize("slug", ["acme", "nobody"])
def test_a_tenants_page_is_as_unknown_to_others_as_one_that_is_not_there(
    slug, ada, eve, acme, person
):
    browser = person("eve")
    invited_by_form = browser.post(
        f"{slug}/members/invite/", email="eve@globex.example", role="owner"
    )

    assert (
        browser.get(f"{slug}/members/").status_code,
        invited_by_form.status_code,
        invited(acme),
    ) == (404, 404, [])


def test_a_stranger_is_sent_to_sign_in(web, ada):
    assert (
        requests.get(f"{web}/staff/acme/members/", timeout=10).url
        == f"{web}/staff/login/?next=/staff/acme/members/"
    )


def test_a_form_without_djangos_own_token_changes_nothing(ada, grace, person):
    answer = person("ada").post(
        f"acme/members/role/{membership(grace).id}/", role="owner", csrfmiddlewaretoken=""
    )

    assert (answer.status_code, role_of(grace)) == (403, "agent")


def test_an_owner_changes_a_role(ada, grace, person):
    answer = person("ada").post(f"acme/members/role/{membership(grace).id}/", role="admin")

    assert (note(answer), role_of(grace)) == ((200, "The role is changed."), "admin")


@pytest.mark.parametrize("role", ["emperor", "", "owner\x00"])
def test_a_role_that_there_is_not_is_refused(role, ada, grace, person):
    answer = person("ada").post(f"acme/members/role/{membership(grace).id}/", role=role)

    assert (alarm(answer), role_of(grace)) == ((400, "There is no such role."), "agent")


def test_who_is_removed_has_no_access_from_the_next_request_on(ada, grace, person):
    browser = person("grace")
    assert browser.get("acme/members/").status_code == 200
    answer = person("ada").post(f"acme/members/remove/{membership(grace).id}/")

    assert (note(answer), role_of(grace)) == (
        (200, "The person does not work here any more."),
        None,
    )
    assert (
        browser.get("acme/members/").status_code,
        "You work for no business yet." in browser.get("").text,
    ) == (404, True)
    with auth_scope():
        assert User.objects.get(username="grace").is_active


@pytest.mark.parametrize("role", ["admin", "agent"])
def test_who_is_no_owner_changes_nothing(role, ada, acme, person):
    employ("bob", acme, role)
    browser, ours = person("bob"), membership(ada).id
    answers = [
        browser.post("acme/members/invite/", email="new@acme.example", role="agent"),
        browser.post(f"acme/members/role/{ours}/", role="agent"),
        browser.post(f"acme/members/remove/{ours}/"),
        browser.post(f"acme/members/withdraw/{ours}/"),
    ]

    assert ([alarm(each) for each in answers], role_of(ada), invited(acme)) == (
        [(403, NOT_YOURS)] * 4,
        "owner",
        [],
    )


@pytest.mark.parametrize(
    ("change", "fields"), [("role", {"role": "agent"}), ("role", {"role": "owner"}), ("remove", {})]
)
def test_nobody_changes_or_removes_themselves_not_even_where_there_is_another_owner(
    change, fields, ada, acme, person
):
    employ("bob", acme, "owner")
    answer = person("ada").post(f"acme/members/{change}/{membership(ada).id}/", **fields)

    assert (alarm(answer), role_of(ada)) == ((409, NOT_ONESELF), "owner")


def test_of_two_owners_who_remove_each_other_at_the_same_moment_one_stays(ada, acme):
    bob = employ("bob", acme, "owner")

    def remove(whom: User, by: User) -> str:
        try:
            with tenant_scope(acme.id):
                colleagues.remove(Membership.objects.get(user=whom).id, by=by.id)
        except (NotAllowed, Membership.DoesNotExist) as error:
            return type(error).__name__
        finally:
            connection.close()
        return "removed"

    for _ in range(5):
        with ThreadPoolExecutor(2) as both:
            done = [
                each.result()
                for each in (both.submit(remove, ada, bob), both.submit(remove, bob, ada))
            ]
        assert (done.count("removed"), [role_of(ada), role_of(bob)].count("owner")) == (1, 1)
        with operator_scope():
            for user in (ada, bob):
                Membership.objects.get_or_create(tenant=acme, user=user, defaults={"role": "owner"})


@pytest.mark.parametrize(
    "change",
    [
        lambda member, by: colleagues.remove(member, by=by),
        lambda member, by: colleagues.change_role(member, "owner", by=by),
        lambda member, by: invitations.invite("new@acme.example", "owner", by=by),
        lambda member, by: invitations.withdraw(member, by=by),
    ],
    ids=["remove", "change role", "invite", "withdraw"],
)
def test_an_owner_who_became_an_agent_meanwhile_changes_nothing_any_more(change, ada, grace, acme):
    with operator_scope():
        Membership.objects.filter(user=ada).update(role="agent")

    with tenant_scope(acme.id), pytest.raises(NotAllowed) as refused:
        change(Membership.objects.get(user=grace).id, ada.id)
    assert (str(refused.value), role_of(grace), invited(acme)) == (
        colleagues.NOT_OWNER,
        "agent",
        [],
    )


@pytest.mark.parametrize(("change", "fields"), [("role", {"role": "agent"}), ("remove", {})])
def test_an_owner_of_another_tenant_changes_no_member_by_address_or_by_form(
    change, fields, ada, eve, grace, acme, person
):
    browser, theirs = person("eve"), membership(grace).id
    named = {
        **fields,
        "tenant": str(acme.id),
        "tenant_id": str(acme.id),
        "slug": "acme",
        "member_id": str(theirs),
    }

    assert browser.post(f"acme/members/{change}/{theirs}/", **named).status_code == 404
    assert alarm(browser.post(f"globex/members/{change}/{theirs}/", **named)) == (409, GONE)
    assert role_of(grace) == "agent"


def test_an_owner_of_another_tenant_withdraws_no_invitation_and_invites_nobody(
    ada, eve, acme, globex, person
):
    person("ada").post("acme/members/invite/", email="new@acme.example", role="agent")
    with operator_scope():
        theirs = Invitation.objects.get().id
    browser = person("eve")

    assert alarm(browser.post(f"globex/members/withdraw/{theirs}/"))[0] == 409
    assert browser.post(f"acme/members/withdraw/{theirs}/").status_code == 404
    answer = browser.post(
        "globex/members/invite/",
        email="e@globex.example",
        role="owner",
        tenant=str(acme.id),
        slug="acme",
    )
    assert (answer.status_code, invited(acme), invited(globex)) == (
        200,
        [("new@acme.example", "agent", True)],
        [("e@globex.example", "owner", True)],
    )


@pytest.mark.parametrize("scope", [auth_scope, operator_scope, router_scope])
def test_the_names_of_a_tenants_people_are_told_to_its_own_scope_alone(scope, ada, eve, acme):
    with tenant_scope(acme.id):
        assert [each.name for each in colleagues.colleagues()] == ["ada"]
    with pytest.raises(DatabaseError), scope(), connection.cursor() as cursor:
        cursor.execute("SELECT * FROM colleagues()")


def test_without_a_scope_there_are_no_names(ada, eve):
    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM colleagues()")
        assert cursor.fetchall() == []


def test_a_name_is_only_words(acme, ada, person):
    employ("<b>&bob", acme)

    assert (
        "<strong><bdi>&lt;b&gt;&amp;bob</bdi></strong>" in person("ada").get("acme/members/").text
    )


ABLE = {
    roles.MANAGE_MEMBERS: lambda who: (
        who.post("acme/members/invite/", email="x@acme.example", role="agent").ok
    ),
    roles.CONNECT_CHANNELS: lambda who: "/connect/whatsapp/" in who.get("").text,
    roles.SEE_MEMBERS: lambda who: who.get("acme/members/").ok,
    roles.OPEN_FILES: lambda who: (
        who.get("acme/media/00000000-0000-7000-8000-000000000000/").status_code == 404
    ),
}


@pytest.mark.parametrize("ability", ABLE, ids=lambda ability: ability.sentence)
@pytest.mark.parametrize("role", roles.NAMES)
def test_a_role_may_do_what_the_table_says(role, ability, acme, person):
    employ("bob", acme, role)

    assert (ABLE[ability](person("bob")), set(ABLE)) == (ability.of(role), set(roles.ABILITIES))


@pytest.mark.parametrize("role", roles.NAMES)
def test_the_connect_page_offers_a_tenant_to_the_roles_of_the_table(role, acme, person):
    employ("bob", acme, role)
    browser = person("bob")
    page = browser.session.get(f"{browser.web}/connect/whatsapp/?tenant=acme", timeout=10)

    assert (page.status_code == 200) == roles.CONNECT_CHANNELS.of(role)


def test_an_agent_reads_what_is_not_there_yet(acme, person):
    employ("bob", acme, "agent")

    assert "There is no inbox here yet" in person("bob").home.text
