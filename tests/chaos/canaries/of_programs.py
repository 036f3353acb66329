"""The API, outgoing webhooks, metrics, the operator's commands, and a database that fails."""

import json

import requests

from tests.chaos.canaries.copy import Copy
from tests.chaos.canaries.of_messages import body_of, deliver, item, written
from tests.chaos.canaries.words import FORGED_KEY, GUESS, METRICS_TOKEN, NEW_TOKEN, PHONE, TEXT
from tests.support.api import Caller
from tests.support.cast import ACME_ACCOUNT, ACME_NUMBER

END_SESSIONS = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = 'msg_app'"
ONE = "SELECT id::text FROM messaging.conversations ORDER BY id LIMIT 1"

WRONG_SETTINGS = {
    "DATABASE_URL": f"postgresql://msg_app:{GUESS}@x:y/z",
    "SECRET_KEY": GUESS,
    "ENCRYPTION_KEYS": f"k1:{GUESS}",
    "WHATSAPP_APP_SECRET": "guess",
    "EMAIL_URL": f"smtp+tls://user:{GUESS}@host:x",
    "SENTRY_DSN": f"https://{GUESS}@host/x",
    "METRICS_TOKEN": "å" + GUESS,
}


def the_api(copy: Copy) -> None:
    made = copy.told_by("create_api_key", "--tenant", "acme", "--name", "Shop")
    copy.secrets["API key"] = json.loads(made)["key"]
    shop = copy.shop = Caller(copy.web.url, copy.secrets["API key"])
    forged = Caller(copy.web.url, FORGED_KEY)
    ((conversation,),) = copy.stage.rows(ONE)
    said = {"conversation": conversation, "content": {"kind": "text", "body": TEXT}}
    for body in (said, {**said, "to": PHONE}, {"conversation": PHONE}, TEXT, [TEXT], {TEXT: PHONE}):
        shop.post("messages", body, Idempotency_Key="order 7")
        forged.post("messages", body)
    for broken in (f'{{"{TEXT}', f'"{PHONE}\\ud800"', "[" * 5000 + PHONE):
        shop.call("POST", "messages", data=broken, headers={"Content-Type": "application/json"})
    shop.get("messages", after=TEXT, conversation=PHONE)
    shop.get(f"contacts/{PHONE}")
    requests.get(f"{copy.web.url}/api/v1/messages", params={"key": shop.key}, timeout=10)
    files = {"file": (f"{TEXT}.jpg", b"\xff\xd8\xff\xe0", "image/jpeg")}
    shop.call("POST", "media", files=files)


def outgoing_webhooks(copy: Copy) -> None:
    """The endpoint answers with what it was sent."""
    copy.subscriber.answer = lambda received: (500, {}, f"{received.headers} {TEXT}".encode())
    made = copy.shop.post("webhook-endpoints", {"url": copy.subscriber.url})
    assert made.status_code == 201, made.text
    copy.secrets["webhook secret"] = made.json()["secret"]
    copy.shop.post("webhook-endpoints", {"url": f"ftp://{PHONE}:{GUESS}@127.0.0.1/{TEXT}"})
    written(copy)
    copy.wait("SELECT count(*) FROM messaging.webhook_attempts WHERE outcome <> 'delivered'")


def commands_that_are_given_what_is_wrong(copy: Copy) -> None:
    given = ("--tenant", "acme", "--external-id", ACME_NUMBER, "--account-id", ACME_ACCOUNT)
    connect = ("connect_channel", "whatsapp", *given, "--token-env")
    copy.graph.echoes += [(ACME_NUMBER, 190, 401)] * 2
    copy.manage(*connect, "TOKEN", TOKEN=NEW_TOKEN)
    copy.manage(*connect, "TOKEN", "--no-check", TOKEN=f"{NEW_TOKEN} \n")
    copy.manage(*connect, "NOTHING", TOKEN=NEW_TOKEN)
    copy.manage("connect_channel", "telegram", *given, "--token-env", "TOKEN", TOKEN=NEW_TOKEN)
    copy.manage("replay_deliveries", "--since", "never")
    copy.manage("no_such_command")
    for name, value in WRONG_SETTINGS.items():
        assert copy.manage("check", **{name: value}).returncode == 1, name


def commands_that_tell(copy: Copy) -> None:
    for command in (("status", "--all"), ("status", "--json"), ("check",), ("list_api_keys",)):
        copy.manage(*command)
    copy.manage("check_channels", "--tenant", "acme")


def metrics(copy: Copy) -> None:
    for token in (METRICS_TOKEN, GUESS):
        bearer = {"Authorization": f"Bearer {token}"}
        requests.get(f"{copy.web.url}/metrics", headers=bearer, timeout=10)


def sessions_of_the_database_that_end(copy: Copy) -> None:
    with copy.stage.session() as session:
        for _ in range(3):
            written(copy)
            session.execute(END_SESSIONS)


def a_table_that_is_locked(copy: Copy) -> None:
    with copy.stage.session() as session, session.transaction():
        session.execute("LOCK TABLE messaging.messages, messaging.contacts")
        written(copy)
        copy.wait("SELECT count(*) FROM pg_locks WHERE NOT granted")
        copy.shop.post("messages", {"conversation": PHONE})
        copy.shop.get("messages", conversation=PHONE)


def a_database_that_is_away(copy: Copy) -> None:
    copy.stage.server.stop_at_once()
    requests.post(f"{copy.web.url}/api/webhooks/whatsapp", data=TEXT.encode(), timeout=30)
    assert deliver(copy, body_of(item())) == 503
    copy.shop.get("messages")
    copy.olga.open(f"{copy.web.url}/admin/messaging/message/?q={PHONE}")
    assert copy.manage("status").returncode == 1
    copy.stage.server.start()


PATHS = (
    the_api,
    outgoing_webhooks,
    commands_that_are_given_what_is_wrong,
    commands_that_tell,
    metrics,
    sessions_of_the_database_that_end,
    a_table_that_is_locked,
    a_database_that_is_away,
)
