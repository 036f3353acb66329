"""What every provider must keep, as tests that each provider's own class of tests inherits."""

import inspect
import json
import re
from collections.abc import Mapping
from typing import Any

import pytest

from channels_app import providers
from channels_app.content import Content, Location, Reaction, Template, Text, Unsendable
from channels_app.events import Event, InboundMessage
from channels_app.models import Channel
from channels_app.providers import (
    Challenges,
    Files,
    InvalidSignature,
    Lane,
    Legible,
    Lifecycle,
    Provider,
    ReadReceipts,
    Redaction,
    SendError,
    TemplateParameter,
    Templates,
    ThreadControl,
    Typing,
    Window,
)
from tests.support.pointers import leads_nowhere

GROUPS = (
    Challenges,
    Files,
    Templates,
    Legible,
    ReadReceipts,
    Typing,
    ThreadControl,
    Redaction,
    Lifecycle,
)
GARBAGE = [
    b"",
    b"\xff\x00",
    b"null",
    b"7",
    b"[]",
    b"{}",
    b"[" * 50_000,
    b'{"entry": [{"changes": 7}]}',
]
SAID: list[Content] = [
    Text(body="Hello"),
    Text(body=""),
    Text(body="x" * 100_000),
    Template(name="hello", language="en"),
    Location(latitude=52.5, longitude=13.4),
    Reaction(message_external_id="no such message", emoji="👍"),
]


def verbs_of(protocol: type) -> dict[str, list[str]]:
    """The protocol's verbs, each with the names of its parameters."""
    return {
        name: list(inspect.signature(verb).parameters)
        for name, verb in vars(protocol).items()
        if inspect.isfunction(verb) and not name.startswith("_")
    }


def attributes_of(protocol: type) -> set[str]:
    return {name for name in inspect.get_annotations(protocol) if not name.startswith("_")}


class ProviderContract:
    """A subclass says what is the provider's own."""

    kind: str
    ids: Mapping[str, str]  # external_id and account_id of a channel

    def genuine(self, text: str) -> tuple[bytes, dict[str, str], str]:
        """(body, headers, address) of a webhook in which somebody writes `text` to the channel."""
        raise NotImplementedError

    def forged(self, headers: Mapping[str, str]) -> dict[str, str]:
        """The headers with a proof that is well-formed and wrong."""
        raise NotImplementedError

    @pytest.fixture
    def accepting(self) -> None:
        """The provider's other side accepts what is sent."""
        raise NotImplementedError

    @pytest.fixture
    def failing(self) -> None:
        """The provider's other side does not answer."""
        raise NotImplementedError

    @property
    def provider(self) -> Provider:
        return providers.get(self.kind)

    @pytest.fixture
    def channel(self, acme: Any) -> Channel:
        channel = Channel(tenant=acme, kind=self.kind, **self.ids)
        channel.seal(access_token="token")
        return channel

    def send(self, channel: Channel) -> providers.Accepted:
        body = self.provider.compose(Text(body="Hello"))
        return self.provider.send(
            channel, body, to="16505550123", reference="reference", quoting="", file_id=""
        )

    def test_its_kind_is_a_word_for_an_address_and_a_column(self):
        assert re.fullmatch("[a-z_]{1,20}", self.provider.kind)
        assert self.provider.kind in providers.kinds()

    def test_it_answers_to_every_verb_with_the_protocols_own_parameters(self):
        verbs = verbs_of(Provider)
        assert [name for name in attributes_of(Provider) if not hasattr(self.provider, name)] == []
        assert self.signatures(verbs) == self.bare(verbs)

    @pytest.mark.parametrize("group", GROUPS, ids=lambda group: group.__name__)
    def test_it_offers_all_of_a_group_or_nothing_of_it(self, group):
        verbs = verbs_of(group)
        named = {*verbs, *attributes_of(group)}
        offered = {name for name in named if hasattr(self.provider, name)}
        assert offered in (named, set())
        if offered:
            assert isinstance(self.provider, group)
            assert self.signatures(verbs) == self.bare(verbs)

    def signatures(self, verbs: Mapping[str, Any]) -> dict[str, list[str]]:
        return {
            name: list(inspect.signature(getattr(self.provider, name)).parameters) for name in verbs
        }

    def bare(self, verbs: Mapping[str, list[str]]) -> dict[str, list[str]]:
        return {name: parameters[1:] for name, parameters in verbs.items()}  # without self

    @pytest.mark.parametrize("components", [[], None, 7, ["BODY"], [{"type": "BODY"}]], ids=str)
    def test_of_any_template_it_says_what_is_to_be_filled_in(self, components):
        definition = {"name": "hello", "language": "en", "components": components}
        if isinstance(self.provider, Templates):
            form = self.provider.template_parameters(definition)
            assert [each for each in form if not isinstance(each, TemplateParameter)] == []

    def test_its_window_is_a_rule_with_a_sentence_or_there_is_none(self):
        window = self.provider.window
        if window is not None:
            assert isinstance(window, Window)
            assert window.lasts.total_seconds() > 60
            assert window.advice.endswith(".")
        else:
            assert window is None

    def test_what_settles_an_unknown_outcome_is_a_report_of_delivery(self):
        assert self.provider.reports_delivery or not self.provider.settles_unknown

    def test_a_genuine_webhook_is_accepted_and_one_without_a_proof_or_with_a_wrong_one_is_not(self):
        body, headers, address = self.genuine("Hello")
        self.provider.verify(body, headers, address)

        refused = []
        for proof in ({}, self.forged(headers)):
            with pytest.raises(InvalidSignature) as error:
                self.provider.verify(body, proof, address)
            refused.append(error.value.status)
        assert refused == [401, 403]
        assert bool(address) == self.provider.has_addresses

    def test_a_message_is_read_with_whom_it_is_from_and_which_channel_it_came_to(self):
        body, _, address = self.genuine("Hello")
        (event,) = self.provider.parse(body, address)

        assert isinstance(event, InboundMessage)
        assert (event.text, bool(event.contact_ids), bool(event.reply_to)) == ("Hello", True, True)
        assert {"external_id": event.channel_external_id, "account_id": event.account_id} == dict(
            self.ids
        )

    @pytest.mark.parametrize("body", GARBAGE, ids=range(len(GARBAGE)))
    def test_no_body_makes_it_raise_and_the_same_bytes_always_say_the_same(self, body):
        address = self.genuine("Hello")[2]
        first, second = (list(self.provider.parse(body, address)) for _ in range(2))
        lane, hint = self.provider.lane_of(body, address)

        assert first == second
        assert [event for event in first if not isinstance(event, Event)] == []
        assert (isinstance(lane, Lane), len(hint) <= 64) == (True, True)

    @pytest.mark.parametrize("content", SAID, ids=range(len(SAID)))
    def test_what_is_said_is_composed_or_refused_with_sentences_that_may_say_where(self, content):
        try:
            composed = self.provider.compose(content)
        except Unsendable as refusal:
            assert [fault for fault in refusal.faults if not fault.endswith(".")] == []
            assert refusal.faults
            assert leads_nowhere(content, refusal.faults) == []
        else:
            assert json.loads(json.dumps(composed)) == composed

    def test_ids_of_its_own_form_have_no_faults(self):
        assert dict(self.provider.id_faults(**self.ids)) == {}

    def test_a_message_that_is_accepted_has_an_id(self, channel, accepting):
        assert self.send(channel).external_id

    def test_a_provider_that_does_not_answer_is_an_error_that_decides_what_becomes_of_a_message(
        self, channel, failing
    ):
        with pytest.raises(SendError) as error:
            self.send(channel)
        assert error.value.then in {"queued", "failed", "held", "unknown"}
        assert error.value.reason.endswith(".")
