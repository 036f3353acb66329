"""Our addresses, asked over the network as Meta asks them. What they answer is compared, and never
shown.
"""

import json
import secrets
from typing import Any

import requests
import urllib3
from django.conf import settings
from django.urls import reverse

from whatsapp.checklist.not_ready import DoesNotApply, NotReady
from whatsapp.media import allowed_hosts

SECONDS = (3, 5)
ANSWER_BYTES = 64 * 1024
REDIRECTED = "The proxy in front must pass X-Forwarded-Proto: https on."
ELSEWHERE = "Something else answers there: PUBLIC_URL must lead to this project's web process."
ITEMS_OF_THEIR_OWN = ("worker", "jobs")  # the checklist tells them apart
STAND_IN = "does not apply, Meta is the stand-in on this machine"
LOGGED = "The web process's log says why."
CAUSES = {
    **dict.fromkeys((301, 302, 307, 308), REDIRECTED),
    400: "The host of PUBLIC_URL must be in the ALLOWED_HOSTS of the web process.",
    403: "The web process has another WHATSAPP_VERIFY_TOKEN: restart it with this one.",
    500: LOGGED,
    503: LOGGED,
}


def webhook() -> str:
    return settings.PUBLIC_URL + reverse("webhook", args=["whatsapp"])


def is_development() -> bool:
    """Whether nobody but this machine takes part: Meta is the stand-in, and it delivers over plain
    http.
    """
    return allowed_hosts.is_stand_in() and not settings.PUBLIC_URL.startswith("https://")


def is_https() -> str:
    if is_development():
        raise DoesNotApply(STAND_IN)
    if not settings.PUBLIC_URL.startswith("https://"):
        raise NotReady(
            "It is for this machine alone: Meta delivers to https://HOST only. Set PUBLIC_URL and"
            " ALLOWED_HOSTS."
        )
    return settings.PUBLIC_URL


def leads_back() -> str:
    own = settings.PUBLIC_URL + reverse("connect_whatsapp_callback")
    if settings.META_REDIRECT_URI.rstrip("/") != own:
        raise NotReady(
            f"People would come back from Meta to another address than {own}. Correct it, or leave"
            " it unset."
        )
    return own


def answers_the_challenge() -> str:
    word = secrets.token_urlsafe(16)
    status, body = ask("GET", webhook(), params=challenge(settings.WHATSAPP_VERIFY_TOKEN, word))
    if (status, body) != (200, word.encode()):
        raise NotReady(
            f"It answered {status} instead of Meta's challenge. {CAUSES.get(status, ELSEWHERE)}"
        )
    return webhook()


def refuses_a_wrong_token() -> str:
    status, _ = ask("GET", webhook(), params=challenge(secrets.token_urlsafe(16), "test"))
    return refused(status, 403)


def refuses_what_is_not_signed() -> str:
    status, _ = ask("POST", webhook(), data=b"{}", headers={"Content-Type": "application/json"})
    return refused(status, 401)


def refused(status: int, expected: int) -> str:
    if status != expected:
        raise NotReady(
            f"It answered {status} instead of {expected}. {CAUSES.get(status, ELSEWHERE)}"
        )
    return f"answered {status}"


def has_a_worker() -> str:
    if not ready()["worker"]:
        raise NotReady(
            "No worker gave a sign of life for 30 seconds: start one (manage.py worker), and read"
            " its log."
        )
    return ""


def is_ready() -> str:
    red = sorted(
        name for name, is_well in ready().items() if name not in ITEMS_OF_THEIR_OWN and not is_well
    )
    if red:
        raise NotReady(
            f"/health/ready is red: {', '.join(red)}. docs/operations.md says what to do."
        )
    return ""


def ready() -> dict[str, bool]:
    """What the running web process says of each of its checks."""
    status, body = ask("GET", f"{settings.PUBLIC_URL}/health/ready")
    try:
        checks = {name: check["ok"] for name, check in json.loads(body)["checks"].items()}
        return {"worker": checks["worker"], **checks}
    except (ValueError, KeyError, TypeError, AttributeError):
        raise NotReady(
            f"/health/ready answered {status}, and not what it should."
            f" {CAUSES.get(status, ELSEWHERE)}"
        ) from None


def challenge(token: str, word: str) -> dict[str, str]:
    return {"hub.mode": "subscribe", "hub.verify_token": token, "hub.challenge": word}


def ask(method: str, address: str, **content: Any) -> tuple[int, bytes]:
    try:
        with requests.request(
            method, address, timeout=SECONDS, allow_redirects=False, stream=True, **content
        ) as answer:
            return answer.status_code, answer.raw.read(ANSWER_BYTES, decode_content=True)
    except requests.exceptions.SSLError:
        raise NotReady(
            "The certificate of PUBLIC_URL is not accepted here, nor by Meta: it must be valid for"
            " the host."
        ) from None
    except (requests.RequestException, urllib3.exceptions.HTTPError, OSError) as error:
        kind = type(error).__name__
        raise NotReady(
            f"Nothing answers at {address} ({kind}). Is the web process running, and reachable"
            " there?"
        ) from None
