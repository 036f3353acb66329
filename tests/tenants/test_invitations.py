"""An invitation: one mail, one link, seven days, one acceptance; bound to tenant, address and
role.
"""

import logging
import re
from datetime import timedelta

import pytest
import requests
import time_machine
from django.core.signing import Signer
from django.utils import timezone

from tenants.members import invitation_links
from tenants.models import Invitation, Membership, User
from tenants.scope import auth_scope, operator_scope
from tests.support.invitations import PASSWORD, Browser, heading, link_in, make_account
from tests.support.members import Person, alarm, employ, invited, membership, note, role_of

ADDRESS = "new@acme.example"
NOT_ACCEPTED = "This invitation cannot be accepted"


@pytest.fixture
def ada(acme, mailbox):
    return employ("ada", acme, "owner")


@pytest.fixture
def ask(web, jobs, mailbox, ada):
    """`ask(address, role)`: Ada invites; the link in the mail that comes, at this server."""
    browser = Person(web, "ada")

    def ask(email: str = ADDRESS, role: str = "agent") -> str:
        assert note(browser.post("acme/members/invite/", email=email, role=role))[0] == 200
        jobs()
        return link_in(mailbox.taken[-1], web)

    return ask


def find(name: str) -> User:
    with auth_scope():
        return User.objects.get(username=name)


def test_who_has_no_account_makes_one_and_works_for_the_tenant_in_that_role(
    ask, web, mailbox, acme
):
    link = ask(f" {ADDRESS.upper()} ", "admin")
    home = make_account(link)

    grace = find("grace")
    assert (home.url, note(home)) == (f"{web}/staff/", (200, "You work for Acme as administrator."))
    assert (role_of(grace), grace.email, grace.check_password(PASSWORD)) == ("admin", ADDRESS, True)
    assert (grace.is_staff, grace.is_superuser, invited(acme)) == (
        False,
        False,
        [(ADDRESS, "admin", False)],
    )
    assert (mailbox.taken[0]["To"], mailbox.taken[0]["Subject"]) == (
        ADDRESS,
        "Invitation to work for Acme",
    )
    assert ADDRESS not in link


def test_an_invitation_is_written_in_the_language_of_the_page_it_was_sent_from(
    web, jobs, mailbox, ada
):
    browser = Person(web, "ada")
    browser.session.cookies.set("language", "de")
    browser.post("acme/members/invite/", email=ADDRESS, role="agent")
    jobs()
    mail = mailbox.taken[0]

    assert mail["Subject"] == "Einladung zur Mitarbeit bei Acme"
    assert "Ihre Rolle: Sachbearbeiter." in mail.get_content()


def test_who_has_an_account_signs_in_and_accepts_as_themselves(ask, web, globex):
    grace = employ("grace", globex)
    link, browser = ask(), Browser()
    page = browser.open(link)
    sign_in = f"{web}/staff/login/?next=/staff/invitation/"
    assert "/staff/login/?next=/staff/invitation/" in page.text
    page = browser.fill(browser.open(sign_in), username="grace", password="correct horse")
    assert (heading(page), "Accept as <bdi>grace</bdi>" in page.text) == ("Work for Acme", True)
    home = browser.fill(page)

    with operator_scope():
        found = list(
            Membership.objects.filter(user=grace).order_by("id").values_list("tenant__slug", "role")
        )
    assert (note(home), found) == (
        (200, "You work for Acme as agent."),
        [("globex", "agent"), ("acme", "agent")],
    )


def test_the_link_alone_changes_nothing_and_its_token_leaves_the_address_at_once(ask, web, acme):
    page = Browser().open(ask())

    assert (page.url, heading(page), invited(acme)) == (
        f"{web}/staff/invitation/",
        "Work for Acme",
        [(ADDRESS, "agent", True)],
    )


def test_accepting_twice_changes_nothing(ask, web, acme):
    link = ask()
    make_account(link)
    grace = find("grace")
    browser = Browser()
    browser.fill(browser.open(f"{web}/staff/login/"), username="grace", password=PASSWORD)
    again = browser.fill(browser.open(link))

    with operator_scope():
        assert Membership.objects.filter(user=grace).count() == 1
    assert (note(again), role_of(grace)) == ((200, "You work for Acme as agent."), "agent")


def test_nobody_else_accepts_what_was_accepted(ask, web, acme, globex):
    link = ask()
    make_account(link)
    eve = employ("eve", globex)
    with operator_scope():
        Membership.objects.filter(user=eve).delete()

    assert heading(Browser().open(link)) == NOT_ACCEPTED
    assert (heading(Browser(Person(web, "eve")).open(link)), role_of(eve)) == (NOT_ACCEPTED, None)


def test_who_works_there_already_keeps_their_role(ask, web, ada):
    link = ask(role="agent")
    browser = Browser(Person(web, "ada"))
    home = browser.fill(browser.open(link))

    assert (note(home), role_of(ada)) == ((200, "You work for Acme as owner."), "owner")


def test_a_link_is_good_for_seven_days(ask):
    link = ask()

    with time_machine.travel(timezone.now() + timedelta(days=6, hours=23), tick=True):
        assert heading(Browser().open(link)) == "Work for Acme"
    with time_machine.travel(timezone.now() + timedelta(days=7, minutes=1), tick=True):
        assert heading(Browser().open(link)) == NOT_ACCEPTED


def test_a_newer_invitation_of_the_address_takes_the_place_of_the_older_one(ask, acme):
    older, newer = ask(role="owner"), ask(role="agent")

    assert (heading(Browser().open(older)), heading(Browser().open(newer))) == (
        NOT_ACCEPTED,
        "Work for Acme",
    )
    assert invited(acme) == [(ADDRESS, "owner", False), (ADDRESS, "agent", True)]


def test_a_withdrawn_invitation_is_accepted_by_nobody(ask, web, acme):
    link = ask()
    with operator_scope():
        named = Invitation.objects.get().id
    answer = Person(web, "ada").post(f"acme/members/withdraw/{named}/")

    assert note(answer) == (200, "The invitation is withdrawn: its link opens nothing any more.")
    assert (heading(Browser().open(link)), invited(acme)) == (
        NOT_ACCEPTED,
        [(ADDRESS, "agent", False)],
    )


def test_whoever_is_removed_comes_back_by_no_link_that_they_ever_got(ask, web):
    first = ask()
    make_account(first)
    second = ask()
    grace = find("grace")
    Person(web, "ada").post(f"acme/members/remove/{membership(grace).id}/")
    browser = Browser()
    browser.fill(browser.open(f"{web}/staff/login/"), username="grace", password=PASSWORD)

    assert [heading(browser.open(link)) for link in (first, second)] == [NOT_ACCEPTED] * 2
    assert role_of(grace) is None


def test_the_invitations_of_an_owner_who_is_removed_end_with_them(ask, web, ada, acme):
    link = ask()
    employ("bob", acme, "owner")
    Person(web, "bob").post("acme/members/invite/", email="bobs@acme.example", role="agent")
    Person(web, "bob").post(f"acme/members/remove/{membership(ada).id}/")

    assert heading(Browser().open(link)) == NOT_ACCEPTED
    assert invited(acme) == [(ADDRESS, "agent", False), ("bobs@acme.example", "agent", True)]


def test_an_invitation_that_ends_while_the_form_is_filled_in_leaves_no_account(ask, acme):
    link, browser = ask(), Browser()
    page = browser.open(link)
    with operator_scope():
        Invitation.objects.update(ended_at=timezone.now())
    answer = browser.fill(page, username="grace", password1=PASSWORD, password2=PASSWORD)

    with auth_scope():
        assert (heading(answer), User.objects.filter(username="grace").exists()) == (
            NOT_ACCEPTED,
            False,
        )


@pytest.mark.parametrize("changes", [{"role": "owner"}, {"email": "eve@globex.example"}])
def test_a_link_is_bound_to_the_address_and_the_role(changes, ask):
    link = ask()
    with operator_scope():
        Invitation.objects.update(**changes)

    assert heading(Browser().open(link)) == NOT_ACCEPTED


def test_a_link_is_bound_to_the_tenant(ask, web, acme, globex, ada):
    ask()
    with operator_scope():
        theirs = Invitation.objects.get()
    forged = Signer(salt=invitation_links.SALT).sign_object(
        [globex.id.hex, theirs.id.hex, invitation_links.binding(theirs)]
    )

    assert heading(Browser().open(f"{web}/staff/invitation/{forged}/")) == NOT_ACCEPTED


@pytest.mark.parametrize(
    "spoil",
    [
        lambda token: token[:-1] + ("A" if token[-1] != "A" else "B"),
        lambda token: "A" + token[1:],
        lambda token: token.partition(":")[0],
        lambda token: Signer(
            key="another key of thirty-two letters", salt=invitation_links.SALT
        ).sign(token.rpartition(":")[0]),
        lambda token: Signer(salt="another").sign(token.rpartition(":")[0]),
        lambda token: "%00",
        lambda token: "ü" * 20,
    ],
)
def test_a_forged_link_opens_nothing(spoil, ask, web, acme):
    base, _, token = ask().rstrip("/").rpartition("/")

    assert (heading(Browser().open(f"{base}/{spoil(token)}/")), invited(acme)) == (
        NOT_ACCEPTED,
        [(ADDRESS, "agent", True)],
    )


def test_a_forged_link_keeps_no_session(web, db_rows):
    requests.get(f"{web}/staff/invitation/forged/", timeout=10)

    with auth_scope():
        assert db_rows.execute("SELECT count(*) FROM messaging.django_session").fetchone() == (0,)


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        (
            {"password": "short"},
            "This password is too short. It must contain at least 8 characters.",
        ),
        ({"password": "password"}, "This password is too common."),
        ({"password": "new@acme.example"}, "The password is too similar to the email address."),
        ({"name": "ADA"}, "A user with that username already exists."),
        ({"name": ""}, "This field is required."),
    ],
)
def test_an_account_that_django_would_not_take_is_not_made(fields, sentence, ask, acme):
    answer = make_account(ask(), **fields)

    assert (sentence in answer.text, heading(answer), invited(acme)) == (
        True,
        "Work for Acme",
        [(ADDRESS, "agent", True)],
    )
    with auth_scope():
        assert [user.username for user in User.objects.all()] == ["ada"]


@pytest.mark.parametrize(
    "email",
    ["", "no address", "a@b", f"{'a' * 300}@acme.example", "a@acme.example\r\nBcc: x@y.example"],
)
def test_what_is_no_address_is_not_invited(email, ada, acme, web):
    answer = Person(web, "ada").post("acme/members/invite/", email=email, role="agent")

    assert (answer.status_code, invited(acme)) == (400, [])


def test_an_address_gets_three_invitations_in_an_hour(ask, web, acme):
    for _ in range(3):
        ask()
    refused = Person(web, "ada").post("acme/members/invite/", email=ADDRESS, role="agent")
    sentence = "3 invitations have gone to this address within an hour. Invite it again later."
    assert (alarm(refused), len(invited(acme))) == ((409, sentence), 3)

    with time_machine.travel(timezone.now() + timedelta(minutes=61), tick=True):
        ask()
    assert len(invited(acme)) == 4


def test_a_tenant_invites_thirty_people_in_an_hour(ada, acme, web):
    with operator_scope():
        given = {"tenant": acme, "role": "agent", "invited_by": ada}
        Invitation.objects.bulk_create(
            Invitation(email=f"{n}@acme.example", **given) for n in range(30)
        )
    refused = Person(web, "ada").post("acme/members/invite/", email=ADDRESS, role="agent")

    assert alarm(refused) == (
        409,
        "30 people have been invited within an hour. Invite the next ones later.",
    )


def test_an_invitation_that_ended_before_it_was_sent_is_not_sent(ada, web, jobs, mailbox):
    browser = Person(web, "ada")
    browser.post("acme/members/invite/", email=ADDRESS, role="owner")
    browser.post("acme/members/invite/", email=ADDRESS, role="agent")
    jobs()

    assert [re.search(r"as an (\w+)", each.get_content())[1] for each in mailbox.taken] == ["agent"]


def test_the_queue_and_the_logs_hold_neither_address_nor_token(ask, db_rows, caplog, monkeypatch):
    monkeypatch.setattr(logging.getLogger("procrastinate"), "propagate", True)
    monkeypatch.setattr(logging.getLogger("django"), "propagate", True)
    caplog.set_level(logging.INFO)
    caplog.set_level(logging.CRITICAL, logger="mail.log")
    link = ask()
    make_account(link, name="")
    stored = str(db_rows.execute("SELECT args FROM jobs.procrastinate_jobs").fetchall())
    token = link.rstrip("/").rpartition("/")[2]

    assert [
        word
        for word in (ADDRESS, token)
        if word in stored + caplog.text.replace(f'"GET /staff/invitation/{token}/', "")
    ] == []


def test_where_no_mail_can_be_sent_the_page_says_so_and_nobody_is_invited(ada, acme, web, settings):
    settings.EMAIL_IS_CONFIGURED = False
    browser = Person(web, "ada")
    page = browser.get("acme/members/")
    answer = browser.post("acme/members/invite/", email=ADDRESS, role="agent")

    assert ("This platform sends no mail yet." in page.text, answer.status_code, invited(acme)) == (
        True,
        400,
        [],
    )
