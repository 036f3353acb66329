"""Nobody edits their own rights in the back-office, and only superusers edit anybody's, whatever a
form is sent with.
"""

import pytest
from django.contrib.auth.models import Group, Permission
from django.test import Client

from tenants.models import Membership, Tenant, User
from tenants.scope import auth_scope, operator_scope

PASSWORD = "a-password-of-the-tests"
ALL = ["view", "add", "change", "delete"]
NOT_ONESELF = (
    "Nobody gives, changes or removes a membership of their own. Ask a colleague to do it."
)


@pytest.fixture
def root(db_rows) -> User:
    with auth_scope():
        return User.objects.create_superuser("root", password=PASSWORD)


@pytest.fixture
def grace(db_rows) -> User:
    """Staff who may do everything to users, groups, tenants and memberships; no superuser."""
    with auth_scope():
        user = User.objects.create_user("grace", password=PASSWORD, is_staff=True)
        models = ("user", "group", "tenant", "membership")
        names = [f"{may}_{model}" for may in ALL for model in models]
        user.user_permissions.set(Permission.objects.filter(codename__in=names))
    return user


def signed_in(user: User) -> Client:
    client = Client()
    with auth_scope():
        client.force_login(user)
    return client


def page_of(user: User, page: str = "change") -> str:
    return f"/admin/tenants/user/{user.pk}/{page}/"


def rights(user: User) -> tuple[object, ...]:
    with auth_scope():
        now = User.objects.get(pk=user.pk)
        return (
            *(now.is_active, now.is_staff, now.is_superuser, now.password),
            sorted(now.groups.values_list("name", flat=True)),
            now.user_permissions.count(),
        )


def everything(user: User) -> dict[str, object]:
    """A form that asks for every right, and for a name, so that it is seen to be taken."""
    with auth_scope():
        group, _ = Group.objects.get_or_create(name="All")
        permissions = list(Permission.objects.values_list("pk", flat=True))
    return {
        "username": user.username,
        "first_name": "Renamed",
        "groups": [group.pk],
        "is_staff": "on",
        "is_superuser": "on",
        "user_permissions": permissions,
        "date_joined_0": "2026-01-01",
        "date_joined_1": "00:00:00",
    }


def test_a_superuser_takes_nothing_from_nor_gives_anything_to_themselves(root):
    before, form = rights(root), everything(root)
    for is_staff in ({}, {"is_staff": "on"}):
        sent = {name: given for name, given in form.items() if name != "is_staff"} | is_staff
        assert signed_in(root).post(page_of(root), sent).status_code == 302

    assert rights(root) == before
    with auth_scope():
        assert User.objects.get(pk=root.pk).first_name == "Renamed"


def test_a_superuser_edits_the_rights_of_others(root, grace):
    answer = signed_in(root).post(page_of(grace), everything(grace))

    assert (answer.status_code, rights(grace)[2], rights(grace)[4]) == (302, True, ["All"])


def test_who_is_no_superuser_changes_neither_themselves_nor_a_colleague_nor_a_superuser(
    root, grace
):
    with auth_scope():
        bob = User.objects.create_user("bob", password=PASSWORD, is_staff=True)
    before = {user: rights(user) for user in (root, grace, bob)}
    client = signed_in(grace)
    given = {"password1": "correct horse battery", "password2": "correct horse battery"}

    for user in before:
        assert client.post(page_of(user), everything(user)).status_code == 403
        theirs = {"password1": given["password1"], "usable_password": "true", **given}
        answer = client.post(page_of(user, "password"), theirs)
        assert answer.status_code == (302 if user == grace else 403)
        assert client.post(page_of(user, "delete"), {"post": "yes"}).status_code == 403
    assert {user: rights(user) for user in before} == before


def test_ones_own_password_is_changed_where_the_old_one_is_asked_for(root):
    answer = signed_in(root).post(page_of(root, "password"), {"password1": "x", "password2": "x"})

    assert (answer.status_code, answer.headers["Location"]) == (302, "/staff/password/")


def test_who_is_no_superuser_edits_tenants_people_and_gives_them_no_right(grace):
    with auth_scope():
        ada = User.objects.create_user("ada", password=PASSWORD)
    form = everything(ada)
    answer = signed_in(grace).post(page_of(ada), {**form, "is_active": "on"})

    assert (answer.status_code, rights(ada)[:3]) == (302, (True, False, False))
    assert rights(ada)[4:] == ([], 0)
    with auth_scope():
        assert User.objects.get(pk=ada.pk).first_name == "Renamed"


def test_a_new_account_has_no_right_whatever_its_form_is_sent_with(grace):
    form = {"username": "new", "usable_password": "false", **everything(User(username="new"))}
    signed_in(grace).post("/admin/tenants/user/add/", form)

    with auth_scope():
        made = User.objects.get(username="new")
    assert rights(made)[:3] == (True, False, False)


def test_who_is_no_superuser_changes_no_group_not_even_the_own_one(grace):
    with auth_scope():
        group = Group.objects.create(name="Support")
        grace.groups.add(group)
        wanted = list(Permission.objects.values_list("pk", flat=True))
    client = signed_in(grace)
    form = {"name": "Support", "permissions": wanted}
    answers = [
        client.post(f"/admin/auth/group/{group.pk}/change/", form),
        client.post(f"/admin/auth/group/{group.pk}/delete/", {"post": "yes"}),
        client.post("/admin/auth/group/add/", {**form, "name": "Mine"}),
    ]

    assert [answer.status_code for answer in answers] == [403] * 3
    with auth_scope():
        assert (Group.objects.get().name, group.permissions.count()) == ("Support", 0)


def people_form(client: Client, tenant: Tenant, **rows: object) -> tuple[int, list[str]]:
    """Send a tenant's page with these rows of memberships; its status and what it says of them."""
    address = f"/admin/tenants/tenant/{tenant.pk}/change/"
    shown = client.get(address).context
    form, people = shown["adminform"].form, shown["inline_admin_formsets"][0].formset
    filled = {name: form.get_initial_for_field(field, name) for name, field in form.fields.items()}
    filled = {name: value for name, value in filled.items() if value is not None}
    given = {f"{people.prefix}-{name.replace('__', '-')}": value for name, value in rows.items()}
    answer = client.post(address, {**filled, **given})
    if answer.status_code == 302:
        return 302, []
    return 200, answer.context["inline_admin_formsets"][0].formset.non_form_errors()


@pytest.mark.parametrize("who", ["root", "grace"])
def test_nobody_makes_themselves_a_member_of_a_tenant(who, acme, request):
    user = request.getfixturevalue(who)
    new = {"0__user": str(user.pk), "0__role": "owner", "TOTAL_FORMS": 1, "INITIAL_FORMS": 0}

    assert people_form(signed_in(user), acme, **new) == (200, [NOT_ONESELF])
    with operator_scope():
        assert Membership.objects.count() == 0


@pytest.mark.parametrize(
    "change", [{"0__role": "owner"}, {"0__DELETE": "on"}, {"0__user": "another"}]
)
def test_nobody_changes_or_removes_a_membership_of_their_own(change, root, acme):
    with operator_scope():
        own = Membership.objects.create(tenant=acme, user=root, role="agent")
        other = User.objects.create_user("ada")
    row = {"0__id": str(own.pk), "0__tenant": str(acme.pk), "0__user": str(root.pk)}
    row |= {"0__role": "agent", "TOTAL_FORMS": 1, "INITIAL_FORMS": 1}
    changed = {
        name: str(other.pk) if value == "another" else value for name, value in change.items()
    }

    assert people_form(signed_in(root), acme, **row | changed) == (200, [NOT_ONESELF])
    assert people_form(signed_in(root), acme, **row) == (302, [])
    with operator_scope():
        assert list(Membership.objects.values_list("user_id", "role")) == [(root.pk, "agent")]


def test_others_are_made_members_changed_and_removed(root, acme):
    with auth_scope():
        ada = User.objects.create_user("ada")
    client = signed_in(root)
    new = {"0__user": str(ada.pk), "0__role": "agent", "TOTAL_FORMS": 1, "INITIAL_FORMS": 0}
    assert people_form(client, acme, **new) == (302, [])
    with operator_scope():
        made = Membership.objects.get()
    row = {"0__id": str(made.pk), "0__user": str(ada.pk), "TOTAL_FORMS": 1, "INITIAL_FORMS": 1}
    assert people_form(client, acme, **row, **{"0__role": "owner"}) == (302, [])
    assert people_form(client, acme, **row, **{"0__role": "owner", "0__DELETE": "on"}) == (302, [])

    with operator_scope():
        assert Membership.objects.count() == 0
