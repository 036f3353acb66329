"""What the log says on a bad night: whose channel, message or delivery, which code, what to do, and
where a fault came from.

Never what a person wrote, a number or a token.
"""

import io
import logging
import re

import pytest

from channels_app.models import Channel
from config.logs import Lines
from messaging.models import Message
from tenants.scope import operator_scope
from tests.support.back_office import sign_in
from tests.support.cast import ACME_ACCOUNT, ACME_NUMBER, ADA
from tests.support.whatsapp import bodies

pytestmark = pytest.mark.whatsapp

CANARY = "a secret that Ada wrote"


@pytest.fixture(params=[logging.WARNING])
def log(request):
    """The log as an operator reads it: the lines so far, from WARNING on."""
    written = io.StringIO()
    handler = logging.StreamHandler(written)
    handler.setFormatter(Lines("{levelname} {name}: {message}", style="{"))
    handler.setLevel(request.param)
    apart = [logger for logger in [logging.getLogger("django")] if not logger.propagate]
    loggers = [logging.getLogger(), *apart]
    for logger in loggers:
        logger.addHandler(handler)
    yield lambda: written.getvalue().splitlines()
    for logger in loggers:
        logger.removeHandler(handler)


@pytest.mark.parametrize("log", [logging.INFO], indirect=True)
def test_what_becomes_of_a_message_is_told_step_by_step_with_ids_alone(
    acme_whatsapp, write, work, report, graph, log
):
    write(*[CANARY] * 6)
    work()
    with operator_scope():
        received = Message.objects.filter(direction="inbound").order_by("seq")
        came = [str(message.id) for message in received]
        answer = Message.objects.filter(direction="outbound").earliest("seq")
    report(bodies.status(answer.external_id, "delivered"))
    work()

    told = [line for line in log() if line.startswith("INFO messaging.progress: ")]
    intake, *sent, statuses = [line.removeprefix("INFO messaging.progress: ") for line in told]
    six = f"6 ({', '.join(came[:5])} and 1 more)"
    assert re.fullmatch(
        rf"Deliveries recorded: 1 \(\S{{36}}\); new messages: {re.escape(six)}; answers queued:"
        rf" 6 \({answer.id}, .* and 1 more\); statuses: 0\.",
        intake,
    )
    assert sent[0].startswith("Messages posted: accepted: ") is True
    assert str(answer.id) in " ".join(sent)
    assert re.fullmatch(
        r"Deliveries recorded: 1 \(\S{36}\); new messages: 0; answers queued: 0; statuses: 1\.",
        statuses,
    )
    assert CANARY not in "".join(log())


def test_a_webhook_signed_with_another_secret_is_told_and_an_unsigned_one_is_not(
    deliver, db_rows, log
):
    body = bodies.webhook(bodies.entry(ACME_ACCOUNT, bodies.value(ACME_NUMBER)))
    answers = [
        deliver(body, **{"X-Hub-Signature-256": "sha256"}).status_code,
        deliver(body, secret="the secret of another app").status_code,
    ]

    assert answers == [401, 403]
    assert [line for line in log() if "messaging.webhooks" in line] == [
        "WARNING messaging.webhooks: A webhook of the kind whatsapp was refused: it is not proven"
        " by a secret of ours, or its bytes were changed on the way."
    ]


def test_a_parked_channel_is_told_with_its_tenant_the_code_and_our_advice(
    acme_whatsapp, write, work, graph, log
):
    graph.script.append({"code": 190, "http": 401})
    write(CANARY)
    work()

    whose = f"Channel {acme_whatsapp.id} of tenant {acme_whatsapp.tenant_id}"
    advice = "The access token no longer works: connect the channel again with a new one."
    assert log() == [
        f"ERROR channels_app.lifecycle.parking: {whose} is parked as needs_reauth (code 190):"
        f" {advice}"
    ]


def test_a_refused_message_is_told_with_its_code_and_without_the_providers_words(
    acme_whatsapp, write, work, graph, log
):
    graph.script.append({"code": 131026})
    write(CANARY)
    work()
    with operator_scope():
        message = Message.objects.get(direction="outbound")

    whose = f"Message {message.id} of tenant {message.tenant_id} on channel {message.channel_id}"
    advice = (
        "It cannot be delivered: the person has no WhatsApp, an old one, or has not accepted its"
        " terms."
    )
    assert log() == [f"WARNING messaging.failures: {whose} failed (code 131026): {advice}"]
    assert message.error.startswith(f"{advice} (Graph error 131026") is True


def test_a_message_that_is_reported_as_failed_is_told_as_well(
    acme_whatsapp, write, work, report, graph, log
):
    write("Hello")
    work()
    with operator_scope():
        message = Message.objects.get(direction="outbound")
    errors = [{"code": 131047, "title": CANARY, "error_data": {"details": CANARY}}]
    report(
        bodies.status(message.external_id, "sent"),
        bodies.status(message.external_id, "delivered"),
        bodies.status("wamid.of-nobody", "failed", errors=errors),
    )
    work()
    assert log() == []
    report(bodies.status(message.external_id, "failed", errors=errors))
    work()

    (line,) = log()
    assert (
        line.startswith(
            f"WARNING messaging.failures: Message {message.id} of tenant {message.tenant_id} "
        )
        is True
    )
    assert "(code 131047)" in line
    assert CANARY not in line


def test_each_cause_of_dead_letters_is_a_line_with_its_number(
    acme_whatsapp, deliver, work, graph, log
):
    broken = tuple({**bodies.text(CANARY), "id": None} for _ in range(2))
    body = bodies.webhook(
        bodies.entry(ACME_ACCOUNT, bodies.value(ACME_NUMBER, messages=broken)),
        bodies.entry("of another", bodies.value(ACME_NUMBER, messages=(bodies.text(CANARY),))),
    )
    deliver(body)
    work()

    told = [re.sub(r"delivery [0-9a-f-]{36}", "delivery ID", line) for line in log()]
    assert len(told) == 2
    assert (
        told[1] == "WARNING messaging.models.dead_letter: 1 items of delivery ID are rejected: "
        "The number is connected under another business account."
    )
    assert (
        told[0].startswith(
            "WARNING messaging.models.dead_letter: 2 items of delivery ID are rejected: "
        )
        is True
    )
    assert CANARY not in "\n".join(told)


class Fails:
    def reply_to(self, message: Message) -> str:
        raise RuntimeError(f"cannot answer {message.text} of {ADA}")


def test_a_strategy_that_fails_is_told_with_the_place_and_without_its_words(
    acme_whatsapp, write, work, graph, settings, log
):
    settings.REPLY_STRATEGY = f"{__name__}.Fails"
    write(CANARY)
    work()

    (line,) = log()
    place = (
        r"RuntimeError at tests/messaging/test_logged\.py:\d+ reply_to <"
        r" messaging/replies/asking\.py:\d+ reply_to"
    )
    assert re.fullmatch(
        r"ERROR messaging\.replies\.asking: The reply strategy failed on message \S+ of tenant"
        rf" \S+ \({place}\)\.",
        line,
    )
    assert (CANARY in line, ADA in line) == (False, False)


def test_a_page_that_fails_is_told_with_the_place_and_without_its_words(
    acme_whatsapp, write, work, web, graph, db_rows, log
):
    write(CANARY)
    work()
    session = sign_in(web, is_staff=True, is_superuser=True)
    with operator_scope():
        message = Message.objects.get(direction="inbound")
        Channel.objects.update(name=CANARY)
    db_rows.execute("ALTER TABLE messaging.message_attempts RENAME TO elsewhere")
    try:
        page = session.get(f"{web}/admin/messaging/message/{message.id}/change/", timeout=10)
    finally:
        db_rows.execute("ALTER TABLE messaging.elsewhere RENAME TO message_attempts")

    first, second = log()
    assert page.status_code == 500
    assert (
        first == "ERROR django.request: Internal Server Error:"
        f" /admin/messaging/message/{message.id}/change/"
    )
    assert second.startswith("  ProgrammingError at ") is True
    assert (CANARY in second, ADA in second) == (False, False)


def test_what_a_person_wrote_or_is_called_adds_no_line_to_the_log(
    acme_whatsapp, deliver, work, graph, log
):
    forged = "x\nERROR messaging: forged \x1b[31m"
    item = {**bodies.text(forged), "id": forged, "timestamp": "never"}
    deliver(
        bodies.webhook(
            bodies.entry(ACME_ACCOUNT, bodies.value(ACME_NUMBER, messages=(item,), name=forged))
        )
    )
    work()

    assert [line for line in log() if "forged" in line or "\x1b" in line] == []
