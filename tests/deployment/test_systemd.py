"""The units of a plain server run the Procfile's processes, bounded as systemd can bound them."""

import re
from pathlib import Path

import pytest

from tests.deployment import said
from tests.deployment.said import HOME, UNITS


def test_there_is_a_unit_for_each_line_of_the_procfile():
    assert set(UNITS) == set(said.PROCFILE)


@pytest.mark.parametrize("name", UNITS)
def test_a_unit_runs_the_procfiles_command_in_the_projects_folder(name):
    unit = said.unit(UNITS[name])
    program, *arguments = said.PROCFILE[name]

    assert unit["ExecStart"] == [" ".join([f"{HOME}/.venv/bin/{program}", *arguments])]
    assert unit["WorkingDirectory"] == [HOME]


@pytest.mark.parametrize("name", said.PATIENCE)
def test_a_process_has_its_time_to_end_and_is_started_again(name):
    unit = said.unit(UNITS[name])

    assert unit["TimeoutStopSec"] == [str(said.PATIENCE[name])]
    assert (unit["KillMode"], unit["Restart"]) == (["mixed"], ["always"])


def test_the_owners_address_reaches_the_release_step_alone():
    files = {name: said.unit(path)["EnvironmentFile"] for name, path in UNITS.items()}
    usual = [f"{HOME}/.env"]

    assert files == {**dict.fromkeys(UNITS, usual), "release": [*usual, f"{HOME}/.env.owner"]}


@pytest.mark.parametrize("name", UNITS)
def test_every_variable_that_a_unit_sets_is_known(name):
    given = " ".join(said.unit(UNITS[name])["Environment"])
    names = set(re.findall(r"(?:^| )([A-Z_]+)=", given))

    assert names - said.OF_PROGRAMS - said.KNOWN == set()


def test_no_other_process_runs_as_the_user_of_the_release_step():
    """Whose environment, with the owner's address, it could read."""
    users = {name: "".join(said.unit(path)["User"]) for name, path in UNITS.items()}
    folders = {name: "".join(said.unit(path)["StateDirectory"]) for name, path in UNITS.items()}

    assert users == {**dict.fromkeys(UNITS, "messaging"), "release": "messaging-release"}
    assert folders == users


def bounds(path: Path) -> str:
    """What stands between the comment about bounds and the next section, whoever the user is."""
    text = path.read_text().partition("# What it may do")[2].partition("\n[Install]")[0]
    return re.sub(r"^(User|StateDirectory)=.*$", "", text, flags=re.M).strip()


def test_every_unit_is_bounded_alike():
    assert len({bounds(path) for path in UNITS.values()}) == 1
    (bound, *_) = UNITS.values()
    unit = said.unit(bound)

    assert [unit[key] for key in ("DynamicUser", "NoNewPrivileges", "ProtectSystem")] == [
        ["yes"],
        ["yes"],
        ["strict"],
    ]
