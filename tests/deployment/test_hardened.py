"""The files for hardened mode: a login for each process, and proxies that know every address."""

import re
from typing import Any

import pytest
from django.urls import get_resolver

from config.development_database import PROJECT
from config.processes import PROCESSES, SERVING
from config.served import Served
from tests.deployment import said

pytestmark = pytest.mark.whatsapp

(PLAIN,) = said.documents("compose.yaml")
(COMPOSE,) = said.documents("compose.hardened.yaml")
SERVICES = COMPOSE["services"]
INGRESSES = ["deploy/kubernetes/ingress.yaml", "deploy/kubernetes-hardened/ingress.yaml"]
DROP_INS = PROJECT / "deploy" / "systemd-hardened"


def kind_of(process: str) -> str:
    return "web" if process in SERVING else process


def without(service: dict[str, Any], *keys: str) -> dict[str, Any]:
    return {key: value for key, value in service.items() if key not in keys}


@pytest.mark.parametrize("process", PROCESSES)
def test_a_service_of_compose_is_the_usual_one_with_the_environment_of_its_process(process):
    usual = PLAIN["services"][kind_of(process)]

    assert SERVICES[process]["env_file"] == [".env", f".env.{process}"]
    assert without(SERVICES[process], "env_file", "ports") == without(usual, "env_file", "ports")


def test_compose_runs_the_six_processes_beside_the_same_database_and_release_step():
    usual = PLAIN["services"]

    assert set(SERVICES) == {"postgres", "release", *PROCESSES}
    assert SERVICES["postgres"] == usual["postgres"]
    hardened = {**usual["release"], "command": [*usual["release"]["command"], "--hardened"]}
    assert SERVICES["release"] == hardened
    assert {name: each for name, each in COMPOSE.items() if name in ("name", "volumes")} == {
        "name": PLAIN["name"],
        "volumes": PLAIN["volumes"],
    }


def ports_of_nginx() -> dict[str, str]:
    text = (PROJECT / "docs" / "nginx.hardened.conf").read_text()
    return dict(re.findall(r"upstream ([\w-]+) \{\s+server 127\.0\.0\.1:(\d+);", text))


def test_the_services_are_where_nginx_asks_for_them():
    assert {name: SERVICES[name]["ports"] for name in SERVING} == {
        name: [f"127.0.0.1:{port}:8000"] for name, port in ports_of_nginx().items()
    }


def test_nginx_differs_from_the_usual_one_in_its_upstreams_and_paths_alone():
    usual, hardened = (
        (PROJECT / "docs" / name).read_text() for name in ("nginx.conf", "nginx.hardened.conf")
    )

    def server(text: str) -> str:
        return text[text.index("server {") : text.index("    location /api/webhooks/")]

    assert server(usual) == server(hardened)
    assert re.findall("^limit_.*$", usual, re.M) == re.findall("^limit_.*$", hardened, re.M)


def test_every_process_of_a_plain_server_has_a_user_and_an_environment_of_its_own():
    found = {path.parent.name.removesuffix(".service.d"): said.unit(path) for path in drop_ins()}
    users = {name: each["User"][-1] for name, each in found.items() if "User" in each}
    files = {name: each["EnvironmentFile"] for name, each in found.items() if "User" in each}

    assert users == {
        "messaging-web@": "messaging-web-%i",
        "messaging-worker@": "messaging-worker",
        "messaging-jobs": "messaging-jobs",
    }
    assert {name: each["StateDirectory"][-1] for name, each in found.items() if "User" in each} == (
        users
    )
    assert files == {
        name: [f"{said.HOME}/.env.{user.removeprefix('messaging-')}"]
        for name, user in users.items()
    }


def test_the_release_step_of_a_plain_server_makes_the_logins():
    release = said.unit(DROP_INS / "messaging-release.service.d" / "hardened.conf")
    usual = said.unit(said.UNITS["release"])["ExecStart"][0]

    assert release == {"ExecStart": ["", f"{usual} --hardened"]}


def drop_ins() -> list[Any]:
    return sorted(DROP_INS.glob("*/*.conf"))


def paths_of(file: str) -> dict[str, str]:
    """Each path of an ingress with its service, without the beginning that all have."""
    (ingress,) = said.documents(file)
    (rule,) = ingress["spec"]["rules"]
    return {
        each["path"]: each["backend"]["service"]["name"].removeprefix("messaging-")
        for each in rule["http"]["paths"]
    }


def addresses() -> set[str]:
    """The first part of every address that is served: of views, static files and health checks."""
    patterns = (str(each.pattern).lstrip("^") for each in get_resolver().url_patterns)
    return {f"/{each.split('/')[0]}" for each in patterns} | {"/static", "/health"}


@pytest.mark.parametrize("file", INGRESSES)
def test_an_ingress_passes_on_every_address_but_that_of_the_metrics(file):
    assert {f"/{path.split('/')[1]}" for path in paths_of(file)} == addresses()


def test_an_ingress_of_hardened_mode_chooses_the_process_that_serves_the_address():
    served = Served(lambda _: None)  # type: ignore[arg-type,return-value]
    found = paths_of(INGRESSES[1])

    assert found == {path: served.process_of(f"{path.rstrip('/')}/") for path in found}
    assert set(served.of_platform) - set(found) == set()
    assert set(found.values()) == set(SERVING)


def test_the_ingresses_differ_in_their_paths_alone():
    usual, hardened = (said.documents(file)[0] for file in INGRESSES)
    for each in (usual, hardened):
        each["spec"]["rules"][0]["http"] = {}

    assert usual == hardened
