"""docs/hardened.md, typed; and every address through its nginx, by the process that serves it."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
import requests
import yaml

from config.development_database import PROJECT
from config.processes import SERVING
from tests.chaos.meta import body_of, post
from tests.chaos.nginx import Nginx
from tests.documents.pages import steps_of
from tests.documents.reader import Reader
from tests.support import database
from tests.support.api import Caller
from tests.support.served import SERVED
from tests.support.whatsapp import bodies
from tests.tenants.hardened.running import Site, running
from tests.tenants.hardened.stage import PROCESSES, Hardened, hardened, set_up_acme, variable_of
from tests.tenants.preparing import url_of

pytestmark = pytest.mark.whatsapp

PREPARE, MANIFESTS, *CHECK = steps_of(PROJECT / "docs" / "hardened.md")
MIB = 1024 * 1024


@pytest.fixture(scope="module")
def stage(worker_id: str) -> Iterator[Hardened]:
    with hardened(f"documents_hardened_{worker_id}", f"documents_{worker_id}") as stage:
        set_up_acme(stage)
        yield stage


@pytest.fixture(scope="module")
def site(stage: Hardened, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    with running(stage, tmp_path_factory.mktemp("hardened")) as site:
        yield site


@pytest.fixture(scope="module")
def front(site: Site, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Nginx]:
    ports = {8001 + place: site.webs[process].port for place, process in enumerate(SERVING)}
    nginx = Nginx("nginx.hardened.conf", ports, tmp_path_factory.mktemp("nginx"))
    try:
        nginx.wait_until_it_answers()
        yield nginx
    finally:
        nginx.kill()


def reader_of(stage: Hardened, folder: Path) -> Reader:
    """Somebody who chose their own passwords, with the addresses of the logins at hand."""
    urls = {
        f"{variable_of(process).removesuffix('LOGIN_PASSWORD')}DATABASE_URL": (
            stage.environment_of(process)["DATABASE_URL"]
        )
        for process in PROCESSES
    }
    chosen = {
        f"{variable_of(process)}=...": f"{variable_of(process)}={stage.passwords[process]}"
        for process in PROCESSES
    }
    environment = {
        **database.process_environment(stage.name),
        "DATABASE_OWNER_URL": database.owner_url(stage.name),
        "DATABASE_URL": url_of(stage.role, stage.name, "of-the-release-step"),
        **urls,
    }
    return Reader(folder, environment, {**chosen, "msg_app": stage.role}, address="", owner_url="")


def test_the_release_step_and_the_check_print_what_the_page_shows(stage):
    reader = reader_of(stage, PROJECT)

    with database.nobody_else_preparing():
        assert reader.follow(PREPARE) == ""
    assert json.loads(reader.printed.splitlines()[-1])["logins"] == stage.told["logins"]
    assert len(CHECK) == 4
    assert [said for step in CHECK if (said := reader.follow(step))] == []


def test_the_manifests_are_made_of_the_usual_ones_with_a_secret_for_each_process(stage, tmp_path):
    (tmp_path / "deploy").symlink_to(PROJECT / "deploy")
    reader = reader_of(stage, tmp_path)

    assert reader.follow(MANIFESTS) == ""
    made = {
        path.stem: list(yaml.safe_load_all(path.read_text()))
        for path in (tmp_path / "hardened").iterdir()
    }
    assert set(made) == {"release", *PROCESSES}
    (release,) = made.pop("release")
    assert container(release)["command"][-2:] == ["prepare_database", "--hardened"]
    for process, objects in made.items():
        deployment = objects[0]
        labels = {"app": "messaging", "process": process}
        assert {each["metadata"]["name"] for each in objects} == {f"messaging-{process}"}
        assert deployment["spec"]["template"]["metadata"]["labels"] == labels
        assert [each["secretRef"]["name"] for each in container(deployment)["envFrom"]] == [
            "messaging",
            f"messaging-{process}",
        ]
        selectors = [each["spec"]["selector"] for each in objects]
        assert [each.get("matchLabels", each) for each in selectors] == [labels] * len(objects)


def container(workload: dict) -> dict:
    (found,) = workload["spec"]["template"]["spec"]["containers"]
    return found


@pytest.mark.parametrize("path", SERVED)
def test_nginx_asks_the_process_that_serves_the_address(front, site, path):
    answers = [
        requests.get(url + path, allow_redirects=False, timeout=30)
        for url in (front.url, site.url(SERVED[path]))
    ]

    through, itself = ((each.status_code, each.headers.get("Location")) for each in answers)
    assert through == itself
    assert [each.text for each in answers if "does not serve this address" in each.text] == []


def test_a_webhook_and_a_file_of_the_api_pass_at_their_full_size(front, stage):
    made = stage.order("create_api_key", "--tenant", "acme", "--name", "tests")
    caller = Caller(front.url, json.loads(made.stdout)["key"])
    picture = b"%PDF-1.4" + bytes(15 * MIB)

    webhook = post(front.url, body_of(bodies.text("Hello?")).ljust(8 * MIB - 1))
    sent = caller.call("POST", "media", files={"file": ("large.pdf", picture, "application/pdf")})

    assert (webhook.status, sent.status_code) == (200, 201), sent.text


def test_nobody_outside_is_told_metrics(front, site):
    inside = requests.get(f"{site.url('pages')}/metrics", timeout=30)
    outside = requests.get(f"{front.url}/metrics", timeout=30)
    assert (inside.status_code, outside.status_code) == (401, 404)
