"""The manifests for Kubernetes: structure, names, ports, probes, and the Procfile's commands."""

from typing import Any

import pytest

from config.development_database import PROJECT
from tests.deployment import said

FILES = sorted(path.name for path in (PROJECT / "deploy" / "kubernetes").glob("*.yaml"))
OBJECTS = [each for file in FILES for each in said.documents(f"deploy/kubernetes/{file}")]
PROCESSES = ("web", "worker", "jobs")
PORT = int(said.environment_of(said.dockerfile())["PORT"])
VERSIONS = {
    "Deployment": "apps/v1",
    "Job": "batch/v1",
    "Service": "v1",
    "Ingress": "networking.k8s.io/v1",
    "PodDisruptionBudget": "policy/v1",
}


def of_kind(kind: str) -> dict[str, dict[str, Any]]:
    return {each["metadata"]["name"]: each for each in OBJECTS if each["kind"] == kind}


PODS = {
    each["metadata"]["labels"]["process"]: each["spec"]["template"]
    for each in OBJECTS
    if each["kind"] in ("Deployment", "Job")
}
CONTAINERS = {name: pod["spec"]["containers"][0] for name, pod in PODS.items()}


def test_every_object_has_its_kinds_version_and_a_name_of_its_own():
    versions = {(each["kind"], each["apiVersion"]) for each in OBJECTS}
    names = [(each["kind"], each["metadata"]["name"]) for each in OBJECTS]

    assert versions == set(VERSIONS.items())
    assert sorted(set(names)) == sorted(names)


def test_every_line_of_the_procfile_is_a_pod_with_its_command():
    assert {name: each["command"] for name, each in CONTAINERS.items()} == said.PROCFILE
    assert len({each["image"] for each in CONTAINERS.values()}) == 1


@pytest.mark.parametrize("name", PROCESSES)
def test_what_selects_a_pod_is_what_it_is_labelled_with(name):
    labels = {"app": "messaging", "process": name}
    budget = of_kind("PodDisruptionBudget")[f"messaging-{name}"]
    deployment = of_kind("Deployment")[f"messaging-{name}"]
    (spread,) = PODS[name]["spec"]["topologySpreadConstraints"]

    assert PODS[name]["metadata"]["labels"] == labels
    assert [
        deployment["spec"]["selector"]["matchLabels"],
        budget["spec"]["selector"]["matchLabels"],
        spread["labelSelector"]["matchLabels"],
    ] == [labels] * 3
    assert deployment["spec"]["replicas"] == 2


def test_requests_reach_the_port_that_web_listens_on():
    service = of_kind("Service")["messaging-web"]
    (rule,) = of_kind("Ingress")["messaging"]["spec"]["rules"]
    backends = [path["backend"] for path in rule["http"]["paths"]]

    assert CONTAINERS["web"]["ports"] == [{"name": "http", "containerPort": PORT}]
    assert service["spec"]["selector"] == PODS["web"]["metadata"]["labels"]
    assert [port["targetPort"] for port in service["spec"]["ports"]] == ["http"]
    to_web = {"service": {"name": "messaging-web", "port": {"name": "http"}}}
    assert backends == [to_web] * len(backends)


def test_web_is_probed_at_the_address_that_answers_any_host_and_none_of_them_needs_a_worker():
    web = CONTAINERS["web"]
    asked = {"path": "/health", "port": "http"}

    assert [web[f"{probe}Probe"].get("httpGet") for probe in ("startup", "readiness")] == [
        asked
    ] * 2
    # a database that is gone is not brought back by a restart
    assert web["livenessProbe"]["tcpSocket"] == {"port": "http"}


def test_a_pod_has_the_time_to_end_that_its_process_needs():
    pauses = {
        name: int(each["lifecycle"]["preStop"]["exec"]["command"][1]) if "lifecycle" in each else 0
        for name, each in CONTAINERS.items()
    }

    assert {name: PODS[name]["spec"]["terminationGracePeriodSeconds"] for name in PROCESSES} == {
        name: said.PATIENCE[name] + pauses[name] for name in PROCESSES
    }


def test_the_owners_address_reaches_the_release_step_alone():
    secrets = {
        name: [source["secretRef"]["name"] for source in each["envFrom"]]
        for name, each in CONTAINERS.items()
    }

    assert secrets == {
        "release": ["messaging", "messaging-owner"],
        **{name: ["messaging"] for name in PROCESSES},
    }
    assert [name for name, each in CONTAINERS.items() if "env" in each] == []


@pytest.mark.parametrize("name", said.PROCFILE)
def test_a_pod_is_nobody_and_may_do_nothing_but_its_work(name):
    pod, container = PODS[name]["spec"], CONTAINERS[name]
    (user,) = [rest for word, rest in said.dockerfile() if word == "USER"]

    assert f"{pod['securityContext']['runAsUser']}:{pod['securityContext']['runAsGroup']}" == user
    assert (pod["securityContext"]["runAsNonRoot"], pod["automountServiceAccountToken"]) == (
        True,
        False,
    )
    assert container["securityContext"] == {
        "allowPrivilegeEscalation": False,
        "readOnlyRootFilesystem": True,
        "capabilities": {"drop": ["ALL"]},
    }
    assert [mount["name"] for mount in container["volumeMounts"]] == [
        volume["name"] for volume in pod["volumes"]
    ]
    assert set(container["resources"]) == {"requests", "limits"}
