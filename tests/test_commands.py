"""The commands: the last line of stdout is JSON, a failure is a sentence and exit 1."""

import json
import subprocess
from functools import partial

import pytest
from django.core.management import get_commands, load_command_class

from channels_app.models import Channel
from config.development_database import free_port
from messaging.models import Message
from tenants.models import Tenant, User
from tenants.scope import auth_scope, operator_scope
from tests.support import processes
from tests.support.cast import ACME_ACCOUNT, ACME_NUMBER, ADA, REPLY
from tests.support.processes import answers, eventually, start
from tests.support.whatsapp.channel import connect

pytestmark = pytest.mark.whatsapp


@pytest.fixture
def manage(db_rows, database_name):
    return partial(processes.manage, database_name)


def said(done: subprocess.CompletedProcess) -> dict:
    return json.loads(done.stdout.splitlines()[-1])


def connect_acme(
    manage, graph, *more: str, token: str = "token", tenant: str = "acme"
) -> subprocess.CompletedProcess:
    ids = ("--external-id", ACME_NUMBER, "--account-id", ACME_ACCOUNT, "--token-env", "TOKEN")
    return manage(
        "connect_channel",
        "whatsapp",
        "--tenant",
        tenant,
        *ids,
        *more,
        TOKEN=token,
        META_GRAPH_URL=graph.url,
    )


def test_create_tenant_finds_the_one_that_exists(manage):
    first = manage("create_tenant", "acme", "--name", "Acme")
    second = manage("create_tenant", "acme", "--name", "Acme again")

    assert said(first) == said(second)
    with operator_scope():
        assert Tenant.objects.get().name == "Acme"


def test_a_slug_that_is_none_is_refused_with_a_sentence(manage):
    done = manage("create_tenant", "no such slug!", "--name", "Acme")
    assert (done.returncode, done.stdout) == (1, "")
    assert (
        done.stderr.strip()
        == "CommandError: SLUG may hold letters, digits, hyphens and underscores only."
    )


def test_connect_channel_asks_the_provider_and_replaces_name_and_token_of_its_own(
    manage, acme, graph
):
    first = connect_acme(manage, graph, "--name", "Front desk")
    second = connect_acme(manage, graph, "--name", "Back desk", token="newer")

    assert said(first) == said(second) == {"id": said(first)["id"], "status": "live"}
    with operator_scope():
        channel = Channel.objects.get()
        assert (channel.name, channel.secrets()) == ("Back desk", {"access_token": "newer"})


def test_a_number_that_is_live_under_another_tenant_is_not_taken(manage, acme, globex, graph):
    connect_acme(manage, graph)
    done = connect_acme(manage, graph, tenant="globex", token="thief")

    sentence = (
        f"CommandError: {ACME_NUMBER} is connected under another tenant. Disconnect it there first."
    )
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr.strip().splitlines()[-1] == sentence
    with operator_scope():
        assert [
            (channel.tenant.slug, channel.secrets())
            for channel in Channel.objects.select_related("tenant")
        ] == [("acme", {"access_token": "token"})]


def test_a_channel_that_the_provider_refuses_is_not_connected_unless_told_not_to_ask(
    manage, acme, graph
):
    refused = manage(
        *("connect_channel", "whatsapp", "--tenant", "acme", "--external-id", ACME_NUMBER),
        *("--account-id", ACME_ACCOUNT, "--token-env", "TOKEN"),
        TOKEN="token",
        META_GRAPH_URL="http://127.0.0.1:1",
    )
    sentence = (
        "CommandError: The provider could not be asked: The connection to WhatsApp could not be"
        " made."
    )
    assert (refused.returncode, refused.stderr.strip().splitlines()[-1]) == (1, sentence)
    with operator_scope():
        assert Channel.objects.count() == 0


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        pytest.param(
            ("carrier_pigeon", "--tenant", "acme"),
            "There is no channel of the kind 'carrier_pigeon'; known: whatsapp.",
            id="kind",
        ),
        pytest.param(
            ("whatsapp", "--tenant", "nobody"),
            "There is no tenant 'nobody'. Create it with create_tenant.",
            id="tenant",
        ),
    ],
)
def test_connect_channel_says_what_is_wrong(manage, acme, graph, arguments, sentence):
    done = manage(
        "connect_channel",
        *arguments,
        "--external-id",
        "1",
        "--account-id",
        "2",
        "--token-env",
        "TOKEN",
        "--no-check",
        TOKEN="t",
    )
    assert (done.returncode, done.stderr.strip().splitlines()[-1]) == (
        1,
        f"CommandError: {sentence}",
    )


def test_an_unset_token_variable_is_said(manage, acme, graph):
    done = connect_acme(manage, graph, token="")
    assert (done.returncode, done.stderr.strip()) == (
        1,
        "CommandError: The environment variable TOKEN holds no token.",
    )


@pytest.mark.parametrize("token", ['"EAAG"', "'EAAG'", '"EAAG', "EAAG EAAG"])
def test_a_token_with_characters_that_no_token_has_is_refused(manage, acme, graph, token):
    done = connect_acme(manage, graph, token=token)

    sentence = (
        "CommandError: The token holds characters that no token has. Copy it again, whole and"
        " alone."
    )
    assert (done.returncode, done.stderr.strip()) == (1, sentence)


def test_set_auto_reply_for_a_tenant_and_for_one_channel(manage, acme, graph):
    channel = connect(acme, ACME_NUMBER, ACME_ACCOUNT, "token")
    manage("set_auto_reply", "--tenant", "acme", "From the tenant.")
    manage("set_auto_reply", "--tenant", "acme", "--channel", str(channel.id), "From the channel.")
    with operator_scope():
        assert Tenant.objects.get().auto_reply == "From the tenant."
        assert Channel.objects.get().auto_reply == "From the channel."

    done = manage("set_auto_reply", "--tenant", "acme", "x" * 4097)
    assert (done.returncode, done.stderr.strip()) == (
        1,
        "CommandError: The text has 4097 characters; 4096 is the most a message may have.",
    )


def test_createsuperuser_makes_staff_who_may_sign_in(manage):
    done = manage(
        "createsuperuser",
        "--noinput",
        "--username",
        "grace",
        "--email",
        "g@example.com",
        DJANGO_SUPERUSER_PASSWORD="correct horse",
    )
    assert done.returncode == 0
    with auth_scope():
        assert User.objects.get().check_password("correct horse") is True


def test_a_simulated_message_goes_through_the_running_web_process_and_trace_tells_its_way(
    manage, acme_whatsapp, work, graph, web
):
    done = manage(
        "simulate_message", "--tenant", "acme", "--from", ADA, "Is it in stock?", PUBLIC_URL=web
    )
    work()

    with operator_scope():
        assert Message.objects.get(direction="inbound").external_id == said(done)["external_id"]
    told = [
        line.partition(" UTC ")[2]
        for line in manage("trace", said(done)["external_id"]).stdout.splitlines()
    ]
    assert list(filter(None, told)) == [
        "-> Is it in stock?",
        f"<- {REPLY}",
        "attempt 1: accepted (HTTP 200)",
    ]


def test_simulate_message_says_when_nothing_answers(manage, acme_whatsapp):
    done = manage(
        "simulate_message",
        "--tenant",
        "acme",
        "--from",
        ADA,
        "Hello",
        PUBLIC_URL="http://127.0.0.1:1",
    )
    sentence = (
        "Nothing answers at http://127.0.0.1:1/api/webhooks/whatsapp (ConnectionError). Is the web"
        " process running?"
    )
    assert (done.returncode, done.stderr.strip()) == (1, f"CommandError: {sentence}")


def test_the_stand_in_reports_statuses_back_until_the_reply_is_delivered(
    acme, acme_whatsapp, write, work, web, database_name, settings
):
    port = free_port()
    stand_in = start(database_name, "graph_stand_in", "--port", str(port), PUBLIC_URL=web)
    settings.META_GRAPH_URL = f"http://127.0.0.1:{port}"
    try:
        # a reply that finds nobody is tried again after 1, 5 and 30 seconds
        assert eventually(lambda: answers(f"{settings.META_GRAPH_URL}/stand-in/ledger"), 60)
        write()
        assert eventually(lambda: take_in(work) == "delivered")
    finally:
        stand_in.terminate()
        output, _ = stand_in.communicate(timeout=10)
    assert json.loads(output.splitlines()[-1]) == {"messages": 1}


def take_in(work) -> str:
    work()
    with operator_scope():
        return Message.objects.get(direction="outbound").status


@pytest.mark.parametrize(
    "command",
    [
        "prepare_database",
        "create_tenant",
        "connect_channel",
        "set_auto_reply",
        "worker",
        "simulate_message",
        "graph_stand_in",
        "rotate_encryption_keys",
        "jobs",
        "check_channels",
        "add_member",
        "purge",
        "replay_deliveries",
        "hold_recent_sends",
        "whatsapp_checklist",
    ],
)
def test_help_has_an_example(command):
    told = (
        load_command_class(get_commands()[command], command)
        .create_parser("manage.py", command)
        .format_help()
    )
    assert "Example: " in " ".join(told.split())
