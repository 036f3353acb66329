"""A reply strategy is chosen, set and taken back in the back-office, for a tenant and for a
channel.
"""

import re
from html import unescape

import pytest
import requests
from django import forms
from django.contrib.auth.models import Permission

from messaging.models import ReplyChoice
from messaging.replies import Silence
from tenants.models import AuditEntry, User
from tenants.scope import auth_scope, operator_scope
from tests.support.back_office import said, sign_in
from tests.support.replies import choose

pytestmark = pytest.mark.whatsapp

CHOICE = "/admin/messaging/replychoice"
PLATFORMS = "The text of the channel, or else of the tenant"
GONE = (
    "This strategy is not installed any more: whoever writes is left to people. Choose another one,"
    " or have it installed again."
)
HOURS = {
    "setting-days": ["0", "4"],
    "setting-opens": "08:30",
    "setting-closes": "16:00",
    "setting-zone": "Europe/Stockholm",
    "setting-while_open": "We are here.",
    "setting-while_closed": "",
}
STORED = {name.removeprefix("setting-"): value for name, value in HOURS.items()}


@pytest.fixture
def staff(web, db_rows) -> requests.Session:
    return sign_in(web, is_staff=True, is_superuser=True)


def words(markup: str) -> str:
    return " ".join(unescape(re.sub("<[^>]*>", " ", markup)).split())


def told(session: requests.Session, address: str) -> str:
    """What a tenant's or a channel's page tells of its automatic replies, and the way it names."""
    page = session.get(address, timeout=10).text
    (line,) = re.findall(r'<p class="told-beside">(.*?)</p>', page, re.DOTALL)
    return words(line)


def send(session: requests.Session, address: str, **form: object) -> requests.Response:
    """Send a form of the page, as a browser does."""
    page = session.get(address, timeout=10).text
    token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', page)[1]
    fields = {"csrfmiddlewaretoken": token, **form}
    return session.post(address, data=fields, headers={"Referer": address}, timeout=10)


def choices() -> list[tuple]:
    with operator_scope():
        rows = ReplyChoice.objects.order_by("id")
        return list(rows.values_list("tenant__slug", "channel", "strategy", "settings"))


def entries() -> list[tuple]:
    with operator_scope():
        rows = AuditEntry.objects.filter(kind="messaging.replychoice").order_by("at")
        return list(rows.values_list("username", "action", "tenant__slug", "detail"))


def faults(page: requests.Response) -> dict[str, list[str]]:
    """What the page finds wrong, by the label of the field above which it stands."""
    rows = re.findall(r'<div class="form-row errors">(.*?)</l(?:abel|egend)>', page.text, re.DOTALL)
    return {
        words(row.split("</ul>")[1]).rstrip(":"): [
            words(each) for each in re.findall("<li>(.*?)</li>", row)
        ]
        for row in rows
    }


def test_the_page_of_a_tenant_and_of_a_channel_tell_who_answers_and_who_chose_it(
    web, staff, acme, acme_whatsapp
):
    pages = [
        f"{web}/admin/tenants/tenant/{acme.id}/change/",
        f"{web}/admin/channels/channel/{acme_whatsapp.id}/change/",
    ]
    before = [told(staff, page) for page in pages]
    choose(acme, "none")
    of_tenant = [told(staff, page) for page in pages]
    choose(acme, "static", acme_whatsapp)
    of_both = [told(staff, page) for page in pages]

    line = "Automatic replies: {} Settings and other strategies".format
    nobodys = line(f"{PLATFORMS} (the platform's, for nothing was chosen)")
    tenants = line("No automatic reply (chosen for the tenant)")
    channels = line(f"{PLATFORMS} (chosen for the channel)")
    assert before == [nobodys, nobodys]
    assert of_tenant == [tenants, tenants]
    assert of_both == [tenants, channels]


def test_every_strategy_is_offered_and_the_form_of_the_one_that_is_chosen_is_sent_back_to_it(
    web, staff, acme
):
    page = f"{web}{CHOICE}/tenant/{acme.id}/"
    before = staff.get(page, timeout=10).text
    shown = staff.get(page, params={"strategy": "office_hours"}, timeout=10).text

    options = re.findall(r'<option value="(\w+)"( selected)?>(.*?)</option>', before)
    assert options == [
        ("static", "", PLATFORMS),
        ("office_hours", "", "By office hours"),
        ("none", "", "No automatic reply"),
    ]
    assert re.findall(r'<option value="(\w+)" selected>', shown)[:1] == ["office_hours"]
    assert re.findall(r'<form method="post" action="([^"]+)"', shown) == [
        f"{CHOICE}/tenant/{acme.id}/?strategy=office_hours"
    ]


def test_what_is_chosen_and_set_answers_the_next_message(
    web, staff, acme, acme_whatsapp, write, work, graph
):
    page = f"{web}{CHOICE}/tenant/{acme.id}/?strategy=office_hours"
    always = HOURS | {"setting-days": list("0123456"), "setting-while_closed": "We are here."}
    answer = send(staff, page, **always)
    write("Hello")
    work()

    assert said(answer) == ["Saved. It answers from the next message on."]
    assert [sent["message"]["text"]["body"] for sent in graph.ledger] == ["We are here."]


def test_a_channels_choice_is_set_changed_and_taken_back_and_each_is_in_the_audit_log(
    web, staff, acme, acme_whatsapp
):
    page = f"{web}{CHOICE}/channel/{acme_whatsapp.id}/"
    send(staff, f"{page}?strategy=office_hours", **HOURS)
    chosen = choices()
    send(staff, page, **HOURS | {"setting-opens": "09:00"})
    changed = choices()
    answer = send(staff, page, take_back="yes")

    channel = acme_whatsapp.id
    assert chosen == [("acme", channel, "office_hours", STORED)]
    assert changed == [("acme", channel, "office_hours", STORED | {"opens": "09:00"})]
    assert (choices(), said(answer)) == (
        [],
        [f"Taken back. “{PLATFORMS}” answers from the next message on."],
    )
    which = {"strategy": "office_hours"}
    fields = ["days", "opens", "closes", "zone", "while_open", "while_closed"]
    assert entries() == [
        ("grace", "change", "acme", which | {"fields": fields}),
        ("grace", "change", "acme", which | {"fields": ["opens"]}),
        ("grace", "delete", "acme", which),
    ]


def test_a_wrong_setting_is_told_at_its_field_and_nothing_is_saved(web, staff, acme):
    page = f"{web}{CHOICE}/tenant/{acme.id}/?strategy=office_hours"
    wrong = HOURS | {"setting-opens": "early", "setting-zone": "Malmo", "setting-days": []}
    answer = send(staff, page, **wrong)

    assert faults(answer) == {
        "Days": ["This field is required."],
        "Opens at": ["Enter a valid time."],
        "Time zone": ["There is no time zone of this name. Write one as Europe/Stockholm."],
    }
    assert 'value="early"' in answer.text
    assert (choices(), entries()) == ([], [])


def test_a_choice_that_was_taken_back_by_a_colleague_meanwhile_is_no_fault(web, staff, acme):
    choose(acme, "none")
    page = f"{web}{CHOICE}/tenant/{acme.id}/"
    answers = [send(staff, page, take_back="yes") for _ in range(2)]

    assert [each.status_code for each in answers] == [200, 200]
    assert [action for _, action, _, _ in entries()] == ["delete"]


def test_a_strategy_that_is_not_installed_any_more_is_told_and_another_one_can_be_chosen(
    web, staff, acme, acme_whatsapp
):
    choose(acme, "bot", greeting="Hello")
    tenant = f"{web}/admin/tenants/tenant/{acme.id}/change/"
    page = f"{web}{CHOICE}/tenant/{acme.id}/"
    line = told(staff, tenant)
    shown = staff.get(page, timeout=10)
    refused = send(staff, f"{page}?strategy=bot", **HOURS)
    of_before = choices()
    send(staff, f"{page}?strategy=none")

    sentence = f"bot (chosen for the tenant). {GONE}"
    assert line == f"Automatic replies: {sentence} Settings and other strategies"
    assert (shown.status_code, f"Now: {sentence}" in words(shown.text)) == (200, True)
    assert "There is no strategy of this name any more. Nothing was changed." in refused.text
    assert of_before == [("acme", None, "bot", {"greeting": "Hello"})]
    assert choices() == [("acme", None, "none", {})]


@pytest.mark.parametrize(
    ("kind", "view", "change"),
    [("tenant", "view_tenant", "change_tenant"), ("channel", "view_channel", "change_channel")],
)
def test_who_may_see_a_tenant_or_a_channel_sees_and_who_may_change_it_chooses(
    web, acme, acme_whatsapp, kind, view, change
):
    row = acme if kind == "tenant" else acme_whatsapp
    page = f"{web}{CHOICE}/{kind}/{row.id}/?strategy=none"
    session = sign_in(web, is_staff=True)
    answers = []
    for permission in (None, view, change):
        with auth_scope():
            user = User.objects.get(username="grace")
            user.user_permissions.set(Permission.objects.filter(codename=permission))
        shown = session.get(page, timeout=10)
        sent = post_without_its_form(session, page)
        answers.append((shown.status_code, sent.status_code, len(choices())))

    assert answers == [(403, 403, 0), (200, 403, 0), (200, 200, 1)]


def post_without_its_form(session: requests.Session, page: str) -> requests.Response:
    """Who sees no form has the token of their own cookie."""
    fields = {"csrfmiddlewaretoken": session.cookies["csrftoken"]}
    return session.post(page, data=fields, headers={"Referer": page}, timeout=10)


def test_the_list_of_choices_leads_to_the_page_on_which_each_is_made(
    web, staff, acme, globex, acme_whatsapp
):
    choose(acme, "none", acme_whatsapp)
    choose(globex, "bot")
    listing = staff.get(f"{web}{CHOICE}/", timeout=10).text
    ids = re.findall(r"/messaging/replychoice/([0-9a-f-]{36})/change/", listing)
    pages = [staff.get(f"{web}{CHOICE}/{id}/change/", timeout=10).text for id in ids]

    own = [re.findall(r'<form method="get" action="([^"]+)"', page) for page in pages]
    assert own == [[f"{CHOICE}/tenant/{globex.id}/"], [f"{CHOICE}/channel/{acme_whatsapp.id}/"]]


def test_a_page_of_what_is_not_there_is_not_found(web, staff, acme):
    nobody = "01a204db-d4b2-7652-861f-d79f213b8342"
    pages = [f"{CHOICE}/tenant/{nobody}/", f"{CHOICE}/channel/{acme.id}/"]

    assert [staff.get(f"{web}{page}", timeout=10).status_code for page in pages] == [404, 404]


def test_a_secret_is_sealed_never_shown_and_stays_where_its_field_is_left_empty(
    web, staff, acme, settings
):
    settings.REPLY_STRATEGIES = ["tests.support.service_strategy.AsksAService"]
    page = f"{web}{CHOICE}/tenant/{acme.id}/?strategy=service"
    url = {"setting-url": "https://bot.example/answer"}
    pages = [staff.get(page, timeout=10)]
    pages.append(send(staff, page, **url, **{"setting-key": "a-secret-key"}))
    pages += [send(staff, page, **url), staff.get(page, timeout=10)]
    kept = secrets()
    refused = send(staff, page, **{"setting-url": "https://other.example/"})

    stays = "One is stored, and is not shown. Empty: it stays."
    assert [stays in each.text for each in pages] == [False, True, True, True]
    assert [each.url for each in pages if "a-secret-key" in each.text] == []
    assert (kept, choices()[0][3]) == ([{"key": "a-secret-key"}], {"url": url["setting-url"]})
    assert faults(refused) == {
        "Key of it": ["Give it again: the stored one is not for the new address."]
    }
    which = {"strategy": "service"}
    assert [detail for _, _, _, detail in entries()] == [
        which | {"fields": ["url", "key"]},
        which | {"fields": []},
    ]


def test_an_optional_secret_is_deleted_by_the_box_below_its_field(web, staff, acme, settings):
    settings.REPLY_STRATEGIES = ["tests.support.service_strategy.AsksAService"]
    page = f"{web}{CHOICE}/tenant/{acme.id}/?strategy=service"
    key, box = {"setting-key": "a-secret-key"}, {"setting-key-clear": "on"}
    url = {"setting-url": "https://bot.example/answer"}
    before = send(staff, page, **url, **key)
    both = send(staff, page, **url, **box, **{"setting-key": "another-key"})
    kept = secrets()
    after = send(staff, page, **url, **box)

    label = "Delete what is stored in “Key of it”"
    assert [label in words(each.text) for each in (before, both, after)] == [True, True, False]
    assert faults(both) == {
        "Key of it": ["Either type another one, or have the stored one deleted."]
    }
    assert (kept, secrets()) == ([{"key": "a-secret-key"}], [{"key": ""}])
    which = {"strategy": "service"}
    assert [detail for _, _, _, detail in entries()] == [
        which | {"fields": ["url", "key"]},
        which | {"fields": ["key"]},
    ]


def test_a_secret_that_must_be_there_has_no_box(web, staff, acme, settings):
    settings.REPLY_STRATEGIES = [f"{__name__}.NeedsAKey"]
    page = f"{web}{CHOICE}/tenant/{acme.id}/?strategy=needs_a_key"
    shown = send(staff, page, **{"setting-key": "a-secret-key"})
    sent = send(staff, page, **{"setting-key-clear": "on"})

    assert re.findall('name="setting-([^"]+)"', shown.text) == ["key"]
    assert (said(sent), secrets()) == (
        ["Saved. It answers from the next message on."],
        [{"key": "a-secret-key"}],
    )


class KeyForm(forms.Form):
    key = forms.CharField(widget=forms.PasswordInput)


class NeedsAKey(Silence):
    name, label, form = "needs_a_key", "With a key", KeyForm


def test_times_are_filled_in_without_seconds(web, staff, acme):
    page = f"{web}{CHOICE}/tenant/{acme.id}/?strategy=office_hours"
    of_nobody = staff.get(page, timeout=10).text
    send(staff, page, **HOURS)

    times = 'name="setting-(opens|closes)" value="([^"]*)"'
    assert re.findall(times, of_nobody) == [("opens", "09:00"), ("closes", "17:00")]
    assert re.findall(times, staff.get(page, timeout=10).text) == [
        ("opens", "08:30"),
        ("closes", "16:00"),
    ]


def secrets() -> list[dict[str, str]]:
    with operator_scope():
        return [choice.secrets() for choice in ReplyChoice.objects.all()]
