"""A channel's token: sealed to its row, opened for a call only, and never shown again."""

import base64
import traceback

import pytest
from django.apps import apps
from django.conf import settings as django_settings
from uuid_utils.compat import uuid7

from channels_app.models import Channel
from messaging.models import ReplyChoice, WebhookEndpoint
from tenants.encryption import CannotOpen, seal, unseal
from tenants.models.sealed import Sealed
from tenants.models.second_factor import SecondFactor
from tenants.scope import operator_scope, tenant_scope
from whatsapp.models import Signup

pytestmark = pytest.mark.whatsapp

TOKEN = "EAAG-token-canary"
ROW = "channels|credentials|acme|1"
WHAT = "The channel's token"
OLD, NEW = bytes(range(1, 33)), bytes(range(101, 133))


def changed(sealed: str, position: int) -> str:
    """The sealed text with one bit of one byte turned over."""
    version, key_id, encoded = sealed.split(".")
    content = bytearray(base64.urlsafe_b64decode(encoded))
    content[position] ^= 1
    return f"{version}.{key_id}.{base64.urlsafe_b64encode(bytes(content)).decode()}"


def opened(sealed: str, belongs_to: str = ROW) -> str | None:
    try:
        return unseal(sealed, belongs_to, WHAT)
    except CannotOpen:
        return None


def test_what_was_sealed_opens_and_no_two_seals_are_alike():
    first, second = seal(TOKEN, ROW), seal(TOKEN, ROW)

    assert (opened(first), opened(second)) == (TOKEN, TOKEN)
    assert first != second


@pytest.mark.parametrize("secret", ["", "x", "pässwörd 漢字 \U0001f511", "a" * 10_000])
def test_every_text_comes_back_as_it_was(secret):
    assert unseal(seal(secret, ROW), ROW, WHAT) == secret


@pytest.mark.parametrize(
    "other",
    ["channels|credentials|acme|2", "channels|credentials|globex|1", "users|password|acme|1", ""],
)
def test_a_text_of_another_row_tenant_or_table_does_not_open(other):
    sealed = seal(TOKEN, ROW)

    assert (opened(sealed), opened(sealed, other)) == (TOKEN, None)


def test_a_text_with_any_bit_changed_does_not_open():
    sealed = seal(TOKEN, ROW)
    length = len(base64.urlsafe_b64decode(sealed.split(".")[2]))

    assert length == 12 + len(TOKEN) + 16
    assert [
        position for position in range(length) if opened(changed(sealed, position)) is not None
    ] == []


@pytest.mark.parametrize(
    "damage",
    [
        lambda sealed: "",
        lambda sealed: TOKEN,
        lambda sealed: sealed.replace("v1.", "v2.", 1),
        lambda sealed: sealed.replace("v1.", "v0.", 1),
        lambda sealed: sealed.replace("k1.", "k9.", 1),
        lambda sealed: sealed.replace("k1.", "", 1),
        lambda sealed: sealed[:20],
        lambda sealed: sealed[:-4],
        lambda sealed: "v1.k1.",
        lambda sealed: "v1.k1.====",
        lambda sealed: "v1.k1.漢字",
        lambda sealed: sealed + ".more",
    ],
)
def test_a_damaged_text_is_refused_and_never_handed_out(damage):
    sealed = seal(TOKEN, ROW)
    assert opened(sealed) == TOKEN

    with pytest.raises(CannotOpen) as refused:
        unseal(damage(sealed), ROW, WHAT)

    told = "".join(traceback.format_exception(refused.value))
    assert str(refused.value) == (
        "The channel's token is missing, or does not open with the keys of this process."
    )
    assert [word for word in (TOKEN, sealed, sealed.split(".")[2]) if word in told] == []
    assert (refused.value.__cause__, refused.value.__suppress_context__) == (None, True)


@pytest.mark.parametrize(
    ("model", "what"),
    [
        (Channel, "The channel's token"),
        (Signup, "The token of this connection"),
        (WebhookEndpoint, "The webhook endpoint's secret"),
        (ReplyChoice, "The secret of the reply strategy"),
        (SecondFactor, "The second factor's secret"),
    ],
)
@pytest.mark.parametrize("opens", [lambda row: row.secrets(), lambda row: row.secret("any")])
def test_what_does_not_open_is_named(model, what, opens):
    with pytest.raises(CannotOpen) as refused:
        opens(model())

    assert (
        str(refused.value) == f"{what} is missing, or does not open with the keys of this process."
    )


def test_every_model_with_secrets_says_what_they_are():
    names = [each.what_is_sealed for each in apps.get_models() if issubclass(each, Sealed)]

    assert len(names) == len(set(names)) == 5


def test_keys_rotate_the_first_seals_and_all_open(settings):
    settings.ENCRYPTION_KEYS = {"k1": OLD}
    before = seal(TOKEN, ROW)
    settings.ENCRYPTION_KEYS = {"k2": NEW, "k1": OLD}
    after = seal(TOKEN, ROW)

    assert (before[:6], after[:6]) == ("v1.k1.", "v1.k2.")
    assert (opened(before), opened(after)) == (TOKEN, TOKEN)
    settings.ENCRYPTION_KEYS = {"k2": NEW}
    assert (opened(before), opened(after)) == (None, TOKEN)
    settings.ENCRYPTION_KEYS = {"k1": NEW}
    assert opened(before) is None


def test_a_text_that_names_another_of_the_keys_does_not_open(settings):
    settings.ENCRYPTION_KEYS = {"k2": NEW, "k1": OLD}
    sealed = seal(TOKEN, ROW)

    assert (opened(sealed), opened(sealed.replace("k2", "k1", 1))) == (TOKEN, None)


def test_the_column_holds_a_seal_and_not_the_token(acme_whatsapp, db_rows):
    (stored,) = db_rows.execute("SELECT credentials FROM messaging.channels").fetchone()
    (row,) = db_rows.execute("SELECT c::text FROM messaging.channels c").fetchone()

    assert (
        stored.split(".")[:2] == ["v1", next(iter(django_settings.ENCRYPTION_KEYS))] == ["v1", "k1"]
    )
    assert [found for found in ("token-of-acme", stored) if found in row] == [stored]
    with operator_scope():
        assert Channel.objects.get().secrets() == {"access_token": "token-of-acme"}


def test_credentials_copied_to_another_channel_do_not_open(
    acme, globex, acme_whatsapp, globex_whatsapp
):
    with operator_scope():
        Channel.objects.filter(id=globex_whatsapp.id).update(credentials=acme_whatsapp.credentials)
        stolen = Channel.objects.get(id=globex_whatsapp.id)
        assert Channel.objects.get(id=acme_whatsapp.id).secrets() == {
            "access_token": "token-of-acme"
        }
        with pytest.raises(CannotOpen):
            stolen.secrets()


@pytest.mark.parametrize("field", ["id", "tenant_id"])
def test_a_channel_under_another_id_or_tenant_does_not_open_its_credentials(
    field, acme, acme_whatsapp
):
    with tenant_scope(acme.id):
        channel = Channel.objects.get()
        assert channel.secrets() == {"access_token": "token-of-acme"}
        setattr(channel, field, uuid7())
        with pytest.raises(CannotOpen):
            channel.secrets()


def test_a_channel_speaks_of_itself_without_its_token(acme, acme_whatsapp):
    with tenant_scope(acme.id):
        channel = Channel.objects.get()
        assert channel.secrets() == {"access_token": "token-of-acme"}
        told = [
            str(channel),
            repr(channel),
            repr(vars(channel)),
            repr(Channel.objects.all()),
            repr(Channel.objects.values()),
        ]

    assert [text for text in told if "token-of-acme" in text] == []
