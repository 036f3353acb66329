"""Hardened mode: which of its processes this is (PROCESS), and the passwords of their logins, which
the release step alone is given.
"""

import sys

from config.environment import faults, optional

SERVING = ("webhooks", "api", "pages", "back-office")
PROCESSES = (*SERVING, "worker", "jobs")
# commands that belong to every process, or to none
ANYWHERE = ("check", "help", "version", "prepare_database", "--help", "-h", "--version")


def process() -> str:
    """Return PROCESS, or an empty string outside hardened mode."""
    value = optional("PROCESS").lower()
    if not value or value in PROCESSES:
        return value
    faults.append(
        f"PROCESS is {value!r}: it must be {', '.join(PROCESSES[:-1])} or {PROCESSES[-1]}, or not"
        " be set."
    )
    return ""


PROCESS = process()
LOGIN_PASSWORDS = {
    each: optional(f"{each.upper().replace('-', '_')}_LOGIN_PASSWORD") for each in PROCESSES
}


def refuse_to_run(command: str) -> None:
    """End this process if the command of manage.py is another one's business."""
    owner = command if command in PROCESSES else "back-office"
    if PROCESS and command not in ANYWHERE and owner != PROCESS:
        sys.exit(f"PROCESS is {PROCESS!r}: manage.py {command} runs as the process {owner!r}.")


def refuse_to_serve() -> None:
    """End this process if it is none that serves requests."""
    if PROCESS and PROCESS not in SERVING:
        sys.exit(
            f"PROCESS is {PROCESS!r}: gunicorn serves one of {', '.join(SERVING)}; this one is"
            f" manage.py {PROCESS}."
        )
