"""The image and the compose file run the Procfile's processes, each with what it needs alone."""

import re
import tomllib

import pytest

from config.development_database import PROJECT
from tests.deployment import said

IMAGE = said.dockerfile()
(COMPOSE,) = said.documents("compose.yaml")
SERVICES = COMPOSE["services"]
PROCESSES = ("web", "worker", "jobs")
OWNERS = {"DATABASE_OWNER_URL", "POSTGRES_USER", "POSTGRES_PASSWORD", "POSTGRES_DB"}


def test_the_image_runs_web_and_no_process_has_another_command_than_the_procfile():
    commands = {name: each["command"] for name, each in SERVICES.items() if "command" in each}

    assert said.words_of(IMAGE, "CMD") == said.PROCFILE["web"]
    assert commands == {name: said.PROCFILE[name] for name in ("release", "worker", "jobs")}
    assert {*commands, "web"} == set(said.PROCFILE)


def test_both_stages_have_the_python_that_the_types_are_checked_for_by_its_whole_version():
    given = [rest for word, rest in IMAGE if word == "ARG"]
    version = re.fullmatch(r"PYTHON=(\d+\.\d+)\.\d+-slim-\w+", given[0])
    project = tomllib.loads((PROJECT / "pyproject.toml").read_text())

    assert (version and version[1]) == project["tool"]["mypy"]["python_version"]
    assert [rest for word, rest in IMAGE if word == "FROM"] == [
        "python:${PYTHON} AS packages",
        "python:${PYTHON}",
    ]


def test_the_image_installs_what_the_project_needs_and_nothing_that_is_for_tests():
    installed = [rest for word, rest in IMAGE if word == "RUN" and "pip install" in rest]

    assert [re.findall(r"-r (\S+)", rest) for rest in installed] == [["/requirements.txt"]]
    assert ("COPY", "requirements.txt /requirements.txt") in IMAGE


def test_nothing_runs_as_root_and_no_secret_is_in_the_image():
    words = [word for word, _ in IMAGE]
    users = [rest for word, rest in IMAGE if word == "USER"]

    assert users == ["10001:10001"]
    assert "RUN" not in words[words.index("USER") :]
    assert [rest for word, rest in IMAGE if re.search("SECRET|PASSWORD|TOKEN|KEY", rest)] == []


def test_every_variable_that_the_image_sets_is_known_and_gunicorn_and_its_check_share_the_port():
    given = said.environment_of(IMAGE)

    assert set(given) - said.OF_PROGRAMS - said.KNOWN == set()
    assert ("EXPOSE", given["PORT"]) in IMAGE
    assert "os.environ['PORT'] + '/health'" in said.words_of(IMAGE, "HEALTHCHECK")[-1]


@pytest.mark.parametrize("name", PROCESSES)
def test_a_process_starts_after_the_release_step_and_has_its_time_to_end(name):
    process = SERVICES[name]

    assert process["depends_on"] == {"release": {"condition": "service_completed_successfully"}}
    assert process["stop_grace_period"] == f"{said.PATIENCE[name]}s"
    assert ("healthcheck" in process, process["image"]) == (name != "web", SERVICES["web"]["image"])


def test_the_release_step_runs_once_when_postgresql_answers():
    release = SERVICES["release"]

    assert release["restart"] == "no"
    assert release["depends_on"] == {"postgres": {"condition": "service_healthy"}}


def test_secrets_come_from_files_and_the_owners_reach_the_release_step_alone():
    files = {name: each["env_file"] for name, each in SERVICES.items()}

    assert files == {
        "postgres": [".env.owner"],
        "release": [".env", ".env.owner"],
        **{name: [".env"] for name in PROCESSES},
    }
    assert [name for name, each in SERVICES.items() if "environment" in each] == []
    assert {name for name in OWNERS if name in (PROJECT / "compose.yaml").read_text()} == OWNERS


def test_no_file_with_secrets_is_in_gits_or_in_the_images_sight():
    ignored = (PROJECT / ".gitignore").read_text().splitlines()
    sent = (PROJECT / ".dockerignore").read_text().splitlines()

    assert {"/.env", "/.env.*"} - set(ignored) == set()
    assert "*" in sent
    assert [line for line in sent if line.startswith("!.")] == []


@pytest.mark.parametrize("name", ["release", *PROCESSES])
def test_a_container_changes_nothing_but_its_files_and_gains_no_rights(name):
    process = SERVICES[name]

    assert process["read_only"] is True
    assert process["cap_drop"] == ["ALL"]
    assert process["security_opt"] == ["no-new-privileges:true"]
    assert process["volumes"] == [f"media:{said.environment_of(IMAGE)['MEDIA_ROOT']}"]


def test_web_is_reached_from_this_machine_alone_and_postgresql_from_its_network_alone():
    port = said.environment_of(IMAGE)["PORT"]
    published = {name: each["ports"] for name, each in SERVICES.items() if "ports" in each}

    assert published == {"web": [f"127.0.0.1:{port}:{port}"]}
