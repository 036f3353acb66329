"""People who work for a tenant, signed in at its pages, and what the pages tell them."""

import re

import requests

from tenants.models import Invitation, Membership, Tenant, User
from tenants.scope import operator_scope
from tests.support.forms import post


def employ(name: str, tenant: Tenant, role: str = "agent") -> User:
    """A user who may sign in with this name, working for the tenant."""
    with operator_scope():
        user = User.objects.filter(username=name).first() or User.objects.create_user(
            name, password="correct horse"
        )
        Membership.objects.create(tenant=tenant, user=user, role=role)
    return user


def sign_in(
    web: str, name: str, then: str = "/staff/"
) -> tuple[requests.Session, requests.Response]:
    session = requests.Session()
    return session, post(
        session, f"{web}/staff/login/?next={then}", username=name, password="correct horse"
    )


class Person:
    """Somebody who is signed in at a browser."""

    def __init__(self, web: str, name: str) -> None:
        self.web = web
        self.session, self.home = sign_in(web, name)

    def get(self, path: str) -> requests.Response:
        return self.session.get(f"{self.web}/staff/{path}", timeout=10)

    def post(self, path: str, **fields: str) -> requests.Response:
        """A form of a page below /staff/, with the token that this browser has."""
        given = {"csrfmiddlewaretoken": self.session.cookies["csrftoken"], **fields}
        address = f"{self.web}/staff/{path}"
        return self.session.post(address, data=given, headers={"Referer": address}, timeout=10)


def alarm(answer: requests.Response) -> tuple[int, str]:
    found = re.search(r'class="note alarm" role="alert">(.*?)</p>', answer.text)
    return answer.status_code, found[1] if found else ""


def note(answer: requests.Response) -> tuple[int, str]:
    found = re.search(r'class="note" role="status">(.*?)</p>', answer.text)
    return answer.status_code, found[1] if found else ""


def membership(user: User) -> Membership | None:
    with operator_scope():
        return Membership.objects.filter(user=user).first()


def role_of(user: User) -> str | None:
    found = membership(user)
    return found.role if found else None


def invited(tenant: Tenant) -> list[tuple[str, str, bool]]:
    """(address, role, whether it is open) of each invitation, the newest last."""
    with operator_scope():
        found = Invitation.objects.filter(tenant=tenant).order_by("id")
        return [(each.email, each.role, each.ended_at is None) for each in found]
