"""A business's own software chooses the strategy that answers."""

import pytest

from messaging.models import ReplyChoice
from tenants.scope import operator_scope
from tests.support.api import Caller, as_told, faults_of, new_key
from tests.support.replies import KEY

pytestmark = pytest.mark.whatsapp

URL = "https://service.example/answer"
OF_PLATFORM = {
    "strategy": "static",
    "settings": {},
    "comes_from": "platform",
    "available": True,
    "changed_at": None,
}
UNFIT = "This takes a text, a number, true or false; of several choices, a list of them."
HOURS = {"opens": "08:00", "zone": "Europe/Stockholm", "while_closed": "We are closed."}


def held(response) -> tuple[str, dict, str]:
    told = response.json()
    return told["strategy"], told["settings"], told["comes_from"]


def stored() -> list[ReplyChoice]:
    with operator_scope():
        return list(ReplyChoice.objects.order_by("id"))


def test_where_nothing_was_chosen_the_platforms_strategy_answers(acmes, acme_whatsapp):
    of_channel = acmes.get(f"channels/{acme_whatsapp.id}/reply-strategy")

    assert (acmes.get("reply-strategy").json(), of_channel.json()) == (OF_PLATFORM, OF_PLATFORM)


def test_a_channel_has_its_own_choice_or_its_tenants_or_the_platforms(acmes, acme_whatsapp):
    path = f"channels/{acme_whatsapp.id}/reply-strategy"
    acmes.put("reply-strategy", {"strategy": "none"})
    of_tenant = acmes.get(path)
    chosen = acmes.put(path, {"strategy": "office_hours", "settings": HOURS})
    of_channel = acmes.get(path)

    assert (held(of_tenant), held(acmes.get("reply-strategy"))) == (("none", {}, "tenant"),) * 2
    assert (chosen.status_code, held(chosen)) == (200, held(of_channel))
    assert held(of_channel) == (
        "office_hours",
        {
            "days": ["0", "1", "2", "3", "4"],
            "opens": "08:00",
            "closes": "17:00",
            "zone": "Europe/Stockholm",
            "while_open": "",
            "while_closed": "We are closed.",
        },
        "channel",
    )

    taken_back = [acmes.call("DELETE", path).status_code for _ in range(2)]
    assert (taken_back, held(acmes.get(path))) == ([204, 204], ("none", {}, "tenant"))
    acmes.call("DELETE", "reply-strategy")
    assert acmes.get(path).json() == OF_PLATFORM


def test_the_same_choice_again_is_the_same_row(acmes):
    for _ in range(2):
        acmes.put("reply-strategy", {"strategy": "office_hours", "settings": HOURS})

    assert [(each.strategy, each.channel_id) for each in stored()] == [("office_hours", None)]


@pytest.mark.parametrize(
    ("body", "faults"),
    [
        (
            {"strategy": "oracle"},
            [
                (
                    "/strategy",
                    "There is no strategy of this name. There are: none, office_hours, service,"
                    " static.",
                )
            ],
        ),
        ({}, [("/strategy", "This field is required.")]),
        (
            {"strategy": "office_hours", "settings": {"opens": "early", "co/lour": "red"}},
            [
                ("/settings/opens", "Enter a valid time."),
                ("/settings/co~1lour", "The strategy has no setting of this name."),
            ],
        ),
        (
            {"strategy": "office_hours", "settings": {"opens": 8, "zone": ["UTC"]}},
            [
                ("/settings/opens", "Enter a valid time."),
                ("/settings/zone", UNFIT),
            ],
        ),
        (
            {"strategy": "office_hours", "settings": {"days": [{"day": 1}], "opens": None}},
            [
                ("/settings/opens", "This field is required."),
                ("/settings/days", UNFIT),
            ],
        ),
        (
            {"strategy": "none", "settings": "off"},
            [("/settings", 'Expected a dictionary of items but got type "str".')],
        ),
    ],
)
def test_what_cannot_be_set_is_told_at_its_place_and_changes_nothing(acmes, body, faults):
    acmes.put("reply-strategy", {"strategy": "none"})
    refused = acmes.put("reply-strategy", body)

    assert (refused.status_code, faults_of(refused)) == (422, faults)
    assert [each.strategy for each in stored()] == ["none"]


def test_numbers_of_a_body_are_read_as_if_they_were_typed(acmes):
    told = acmes.put("reply-strategy", {"strategy": "office_hours", "settings": {"days": [0, 6]}})

    assert told.json()["settings"]["days"] == ["0", "6"]


def test_a_secret_is_stored_kept_and_never_shown(acmes):
    given = {"url": URL, "key": KEY}
    answers = [
        acmes.put("reply-strategy", {"strategy": "service", "settings": given}),
        acmes.put("reply-strategy", {"strategy": "service", "settings": {"url": URL}}),
        acmes.get("reply-strategy"),
        acmes.get("reply-strategies"),
    ]

    assert [held(each) for each in answers[:3]] == [("service", {"url": URL}, "tenant")] * 3
    assert [KEY in each.text for each in answers] == [False] * 4
    (choice,) = stored()
    assert choice.secrets() == {"key": KEY}


def test_null_empties_a_secret_that_is_optional(acmes):
    for key in (KEY, None):
        given = {"url": URL, "key": key}
        told = acmes.put("reply-strategy", {"strategy": "service", "settings": given})

    assert held(told) == ("service", {"url": URL}, "tenant")
    assert [each.secrets() for each in stored()] == [{"key": ""}]


def test_a_secret_is_not_kept_for_another_address(acmes):
    acmes.put("reply-strategy", {"strategy": "service", "settings": {"url": URL, "key": KEY}})
    elsewhere = {"url": "https://elsewhere.example"}
    refused = acmes.put("reply-strategy", {"strategy": "service", "settings": elsewhere})

    assert (refused.status_code, faults_of(refused)) == (
        422,
        [("/settings/key", "Give it again: the stored one is not for the new address.")],
    )
    assert held(acmes.get("reply-strategy")) == ("service", {"url": URL}, "tenant")


def test_a_strategy_that_is_not_there_any_more_is_told_as_such(acmes, settings):
    acmes.put("reply-strategy", {"strategy": "service", "settings": {"url": URL, "key": KEY}})
    settings.REPLY_STRATEGIES = []
    told = acmes.get("reply-strategy")

    assert (held(told), told.json()["available"]) == (("service", {"url": URL}, "tenant"), False)


def test_a_platforms_own_strategy_without_a_name_is_told_as_none(acmes, settings):
    settings.REPLY_STRATEGY = f"{__name__}.Nameless"

    assert acmes.get("reply-strategy").json() == OF_PLATFORM | {"strategy": None}


class Nameless:
    def reply_to(self, message):
        return None


def test_what_acme_chooses_is_nothing_of_globexs(acmes, globexs, acme_whatsapp, globex_whatsapp):
    acmes.put("reply-strategy", {"strategy": "none"})
    of_globexs_channel = f"channels/{globex_whatsapp.id}/reply-strategy"
    globexs.put(of_globexs_channel, {"strategy": "none"})
    of_nobodys = "channels/01a22c44-40c0-731b-a815-fe221beac29b/reply-strategy"
    body = {"json": {"strategy": "static"}}

    assert globexs.get("reply-strategy").json() == OF_PLATFORM
    for method, more in (("GET", {}), ("PUT", body), ("DELETE", {})):
        foreign = as_told(acmes.call(method, of_globexs_channel, **more))
        assert (foreign[0], foreign) == (404, as_told(acmes.call(method, of_nobodys, **more)))
    assert held(globexs.get(of_globexs_channel)) == ("none", {}, "channel")


def test_who_may_only_read_channels_changes_no_strategy(web, acme):
    reader = Caller(web, new_key(acme, ["channels:read"]))
    answers = [
        reader.get("reply-strategy"),
        reader.put("reply-strategy", {"strategy": "none"}),
        reader.call("DELETE", "reply-strategy"),
    ]

    assert [each.status_code for each in answers] == [200, 403, 403]
    assert stored() == []


def test_the_choice_holds_from_the_next_message_on(acmes, acme, acme_whatsapp, write, work, graph):
    write("One")
    work()
    acmes.put("reply-strategy", {"strategy": "none"})
    write("Two")
    work()

    assert [each["message"]["text"]["body"] for each in graph.ledger] == [acme.auto_reply]
