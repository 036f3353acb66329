"""What an earlier release left in the queue and in links is understood: a task is found by its name
and takes the arguments that wait with it, a letter is found by its name, a signed link by its salt.

A name is added here with the release that brings it, and leaves a release after nothing puts it in.
"""

import inspect
from uuid import UUID

import pytest
from procrastinate.contrib.django import app

from tenants import mail
from tenants.connect_links import opening
from tenants.members import invitation_links

WAITING = {
    "channels_app.tasks.check_all_channels": ("upkeep", ["timestamp"]),
    "channels_app.tasks.check_channel": ("checks", ["tenant_id", "channel_id", "until"]),
    "channels_app.tasks.check_channel_hourly": ("checks", ["tenant_id", "channel_id", "until"]),
    "channels_app.tasks.fetch_all_templates": ("upkeep", ["timestamp"]),
    "channels_app.tasks.fetch_templates": ("templates", ["tenant_id", "channel_id"]),
    "channels_app.tasks.move_channel": ("checks", ["tenant_id", "channel_id", "by_user_id"]),
    "channels_app.tasks.prove_channel": ("checks", ["tenant_id", "channel_id"]),
    "channels_app.tasks.tell_of_leaving": (
        "checks",
        ["tenant_id", "channel_id", "ends_registration"],
    ),
    "messaging.tasks.continue_erasures": ("upkeep", ["timestamp"]),
    "messaging.tasks.end_waits": ("upkeep", ["timestamp"]),
    "messaging.tasks.erase_contact": ("upkeep", ["tenant_id", "erasure_id"]),
    "messaging.tasks.fetch_media": ("media", ["tenant_id", "media_id"]),
    "messaging.tasks.forget_done": ("upkeep", ["timestamp"]),
    "messaging.tasks.forget_outdated": ("upkeep", ["timestamp"]),
    "messaging.tasks.match_statuses": ("upkeep", ["timestamp"]),
    "messaging.tasks.purge_old": ("upkeep", ["timestamp"]),
    "messaging.tasks.redact_delivery": ("upkeep", ["delivery_id"]),
    "messaging.tasks.take_up_abandoned": ("upkeep", ["timestamp"]),
    "messaging.tasks.tell_read": ("receipts", ["tenant_id", "message_id"]),
    "messaging.tasks.order_thread": ("threads", ["tenant_id", "order_id"]),
    "messaging.tasks.tell_typing": ("receipts", ["tenant_id", "message_id"]),
    "messaging.tasks.upload_media": ("media", ["tenant_id", "upload_id"]),
    "messaging.tasks.watch": ("upkeep", ["timestamp"]),
    "tenants.tasks.forget_failures": ("upkeep", ["timestamp"]),
    "tenants.tasks.send_mail": ("mail", ["letter", "tenant_id", "alert_ids", "endpoint_id"]),
}
LETTERS = {
    "invitation",
    "password_reset",
    "owners_alerts_began",
    "owners_alerts_over",
    "webhook_endpoint_disabled",
    "platform_webhook_endpoint_disabled",
}
KEY = "a-key-of-an-earlier-release-of-ours"
LINK = (
    "WyIwMDAwMDAwMDAwMDAwMDAwMDAwMDAwMDAwMDAwMDAwMSIsIjAwMDAwMDAwMDAwMDAwMDAwMDAwMDAwMDAwMDAwMDAyIiwi"
    "MzMzMzMzMzMzMzMzMzMzMzMzMzMzMzMzMzMzMzMzMzMiXQ:89Yacre1Cs0XoMl2anss45X9a6F0EjeiUrfMdquRFx4"
)

CONNECT_LINK = "00000000000000000000000000000001:ge7ao6VSALdvnv6xvMFt3MWUvg8Ekh2FRmZctAgX-wI"


@pytest.mark.parametrize("name", WAITING)
def test_a_task_that_waits_is_found_and_takes_its_arguments(name):
    queue, arguments = WAITING[name]
    task = app.tasks[name]
    context = ["context"] if task.pass_context else []

    assert task.queue == queue
    inspect.signature(task.func).bind(**dict.fromkeys([*context, *arguments], "1"))


def test_every_task_of_this_release_is_listed():
    ours = {name for name in app.tasks if name.startswith(("tenants", "messaging", "channels_app"))}
    assert ours == set(WAITING)


def test_every_letter_of_this_release_is_listed_and_none_is_gone():
    assert set(mail.letters) == LETTERS


def test_the_link_of_an_invitation_is_read(settings):
    settings.SECRET_KEY = KEY
    assert invitation_links.read(LINK) == invitation_links.InvitationLink(
        UUID(int=1), UUID(int=2), "3" * 32
    )


def test_a_link_that_connects_a_channel_is_read(settings):
    settings.SECRET_KEY = KEY
    assert opening.read(CONNECT_LINK) == UUID(int=1)
