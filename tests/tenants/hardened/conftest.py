"""A database in hardened mode for each module."""

from collections.abc import Iterator

import pytest

from tests.tenants.hardened.running import Site, running_unrefused
from tests.tenants.hardened.stage import Hardened, hardened, set_up_acme

pytestmark = pytest.mark.whatsapp

PEOPLE = """
from tenants.models import User
from tenants.scope import auth_scope
with auth_scope():
    User.objects.create_user("olga", password="correct horse", is_staff=True, is_superuser=True)
    User.objects.create_user("mia", password="correct horse")
    User.objects.create_user("noah", "noah@acme.example", "correct horse")
"""


@pytest.fixture(scope="module")
def stage(worker_id: str, request: pytest.FixtureRequest) -> Iterator[Hardened]:
    """Not emptied between the tests of a module."""
    module = request.module.__name__.rpartition("_")[2]
    with hardened(f"hardened_{module}_{worker_id}", f"{module}_{worker_id}") as stage:
        set_up_acme(stage)
        yield stage


@pytest.fixture(scope="module")
def site(stage: Hardened, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """Olga is an operator, Mia owns Acme, and Noah works for it."""
    stage.order("shell", "--command", PEOPLE)
    stage.order("add_member", "--tenant", "acme", "--user", "mia", "--role", "owner")
    stage.order("add_member", "--tenant", "acme", "--user", "noah", "--role", "agent")
    with running_unrefused(stage, tmp_path_factory.mktemp("hardened")) as site:
        yield site
