"""DATABASE_REPLICA_URL: a standby that lists are read from. It is the database of DATABASE_URL on
another server, and the same role asks it.
"""

from typing import Any

from config.database_hosts import hosts_of
from config.database_urls import database, parameters_of
from config.environment import faults, optional

NAME = "DATABASE_REPLICA_URL"
SAME = {"ROLE": "role", "NAME": "database"}
CONNECT_SECONDS = 2  # the primary can be asked instead
DATABASE_ROUTERS = ["tenants.replica.routing.ByScope"]

Settings = dict[str, Any]


def with_replica(primary: Settings) -> dict[str, Settings]:
    """Return Django's DATABASES: the primary, and the replica where the variable is set."""
    url = optional(NAME)
    if not url:
        return {"default": primary}
    if fault := fault_of(url):
        faults.append(f"{NAME} {fault}.")
        return {"default": primary}
    settings = database(NAME, url)
    settings["OPTIONS"]["connect_timeout"] = CONNECT_SECONDS
    if not any(sentence.startswith(NAME) for sentence in faults):
        faults.extend(differences(settings, primary))
    return {"default": primary, "replica": settings}


def fault_of(url: str) -> str:
    """Return what a replica's URL may not say, or an empty string."""
    if len(hosts_of(url)) > 1:
        return "has several hosts: name one standby; where it is away, the primary is read"
    if "target_session_attrs" in parameters_of(url):
        return "has a target_session_attrs: take it out; `check` says whether it is a standby"
    return ""


def differences(settings: Settings, primary: Settings) -> list[str]:
    """Return a sentence for each thing that a standby has in common with its primary."""
    return [
        f"{NAME} names another {word} than DATABASE_URL: a standby has the same."
        for key, word in SAME.items()
        if settings[key] != primary[key]
    ]
