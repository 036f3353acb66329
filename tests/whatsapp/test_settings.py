"""What Meta's part of the environment must be, and that no secret of it is repeated."""

import pytest

from tests.support.starting import refuses, unset, values

pytestmark = pytest.mark.whatsapp

UNSET = {
    "WHATSAPP_VERIFY_TOKEN": "answers Meta's challenge",
    "WHATSAPP_APP_SECRET": "proves that a webhook is Meta's",
}
TOGETHER = (
    "META_APP_ID, META_APP_SECRET and META_CONFIG_ID belong together: set all three of them, or"
    " none."
)
WEAK_APP = "META_APP_SECRET is under 16 bytes or a placeholder: copy Meta's."
META_APP = {
    "META_APP_ID": "1234567890",
    "META_APP_SECRET": "the-secret-of-metas-app",
    "META_CONFIG_ID": "2345678901",
}
GUARDED = {
    "META_GRAPH_URL": "tokens go there",
    "META_DIALOG_URL": "people sign in there",
    "META_SDK_URL": "our pages run it",
    "META_REDIRECT_URI": "what opens an account comes back there",
}


@pytest.mark.parametrize("value", [pytest.param("", id="empty"), pytest.param("  ", id="blank")])
@pytest.mark.parametrize("name", UNSET)
def test_a_required_variable_of_metas_without_a_value_is_one_sentence(name, value):
    assert refuses(**{name: value}) == [unset(name, UNSET[name])]


def test_both_missing_and_a_fault_beside_them_are_a_sentence_each():
    found = refuses(**dict.fromkeys(UNSET), META_APP_SECRET="short")
    assert found == [*(unset(*each) for each in UNSET.items()), TOGETHER, WEAK_APP]


@pytest.mark.parametrize(
    "value",
    [
        pytest.param("canary-15-bytes", id="15 bytes"),
        pytest.param("your_app_secret", id="the README's placeholder"),
        pytest.param("your_app_secret_of_meta", id="a long placeholder"),
        pytest.param("test-app-secret", id="the payload corpus's own, a byte too short"),
        pytest.param("CHANGEME-CHANGEME-CHANGEME", id="a placeholder in capitals"),
        pytest.param(",", id="a list of nothing"),
        pytest.param("a-secret-that-is-long-enough,canary", id="a short one in the list"),
        pytest.param("canary,a-secret-that-is-long-enough", id="a short one first"),
        pytest.param(
            "a-secret-that-is-long-enough,your_app_secret_canary", id="a placeholder in the list"
        ),
        pytest.param(
            "your_app_secret_canary,a-secret-that-is-long-enough", id="a placeholder first"
        ),
        pytest.param(",a-secret-that-is-long-enough", id="an empty one in the list"),
        pytest.param(
            "a-secret-that-is-long-enough another-that-is-long-enough", id="a blank between two"
        ),
        pytest.param(
            "a-secret-that-is-long-enough;\nanother-that-is-long-enough", id="a line each"
        ),
        pytest.param(
            "a-secret-that-is-long-enough,'another-that-is-long-enough',a-third-one",
            id="one in quotation marks",
        ),
        pytest.param(
            "'a-secret-that-is-long-enough','another-that-is-long-enough'",
            id="each in quotation marks",
        ),
        pytest.param("'a-secret-that-is-long-enough", id="half a pair of quotation marks"),
    ],
)
def test_a_weak_app_secret_is_one_sentence(value):
    sentences = refuses(WHATSAPP_APP_SECRET=value)

    assert [sentence.split()[0] for sentence in sentences] == ["WHATSAPP_APP_SECRET"]


@pytest.mark.parametrize("value", ["canary", "1234567890canary", "123 456", "12-34", "１２３"])
@pytest.mark.parametrize("name", ["META_APP_ID", "META_CONFIG_ID"])
def test_an_id_of_metas_with_more_than_digits_is_refused_and_not_repeated(name, value):
    sentence = (
        f"{name} is not one of Meta's ids, which are digits alone: copy it as .env.example says."
    )
    assert refuses(**{**META_APP, name: value}) == [sentence]


@pytest.mark.parametrize("missing", META_APP)
def test_without_any_one_of_its_three_values_metas_app_is_refused(missing):
    assert refuses(**{**META_APP, missing: " "}) == [TOGETHER]
    assert refuses(**{missing: META_APP[missing]}) == [TOGETHER]


@pytest.mark.parametrize(
    "value", ["canary-15-bytes", "your_app_secret_canary", "CHANGEME-canary-canary"]
)
def test_a_weak_secret_of_metas_app_is_refused(value):
    assert refuses(**{**META_APP, "META_APP_SECRET": value}) == [WEAK_APP]


@pytest.mark.parametrize(
    "value", ["http://canary.test", "ftp://127.0.0.1", "canary.test", "https://", "https://["]
)
@pytest.mark.parametrize("name", GUARDED)
def test_an_address_of_metas_that_others_could_read_or_bend_is_refused(name, value):
    assert refuses(**{name: value}) == [
        f"{name} must be an https address, or http on this machine: {GUARDED[name]}."
    ]


def test_without_values_metas_addresses_are_metas_and_ours_follows_public_url():
    names = (
        "META_APP_ID",
        "META_APP_SECRET",
        "META_CONFIG_ID",
        "META_REDIRECT_URI",
        "META_DIALOG_URL",
        "META_SDK_URL",
    )
    ours = "https://shop.test/connect/whatsapp/callback"
    metas = ["https://www.facebook.com", "https://connect.facebook.net/en_US/sdk.js"]

    https = {"PUBLIC_URL": "https://shop.test/", "ALLOWED_HOSTS": "shop.test"}
    assert values(*names, **https) == ["", "", "", ours, *metas]
    assert values(*names, **https, **dict.fromkeys(names, "")) == ["", "", "", ours, *metas]


def test_metas_app_and_addresses_are_taken_as_they_are_given():
    given = {
        **META_APP,
        "META_APP_SECRET": "$" + META_APP["META_APP_SECRET"],
        "META_REDIRECT_URI": "https://shop.test/back/",
        "META_DIALOG_URL": "http://127.0.0.1:8001",
        "META_SDK_URL": "http://localhost:8001/en_US/sdk.js",
    }
    assert values(*given, **given) == list(given.values())


@pytest.mark.parametrize("text", ["{}, {}", "{},{},", "\t{} ,\n {}\r\n", '"{}, {}"', "'{},{}, '"])
def test_two_app_secrets_are_accepted(text):
    secrets = ["the-new-secret-of-the-app", "the-old-secret-of-the-app"]
    assert values("WHATSAPP_APP_SECRETS", WHATSAPP_APP_SECRET=text.format(*secrets)) == [secrets]


def test_values_of_metas_in_quotation_marks_and_between_blanks_are_what_stands_in_between():
    given = {
        **META_APP,
        "WHATSAPP_VERIFY_TOKEN": "the-word-of-acme",
        "META_GRAPH_URL": "https://graph.test",
        "META_GRAPH_VERSION": "v26.0",
    }
    quoted = {name: f' "{value}"\t' for name, value in given.items()}
    assert values(*given, **quoted) == list(given.values())


def test_a_verify_token_that_begins_with_a_dollar_sign_is_taken_as_it_is():
    token = "$" + "0123456789abcdef" * 4
    assert values("WHATSAPP_VERIFY_TOKEN", WHATSAPP_VERIFY_TOKEN=token) == [token]


@pytest.mark.parametrize(
    "path",
    [
        "",
        "{phone_number_id}/routing_roles",
        "{phone_number_id}?fields=roles,is_standby",
        "business/whatsapp/phone_numbers/{phone_number_id}/routing-roles",
    ],
)
def test_the_path_of_our_roles_is_taken_as_it_is(path):
    name = "WHATSAPP_ROUTING_ROLES_PATH"
    assert values(name, **{name: path}) == [path]


@pytest.mark.parametrize(
    "path",
    [
        "https://elsewhere.example/{phone_number_id}",
        "/{phone_number_id}/routing_roles",
        "{phone_number_id}/../me",
        "{id}/routing_roles",
        "{phone_number_id}/roles#x",
        "{phone_number_id}/{token}",
    ],
)
def test_a_path_of_our_roles_that_is_none_is_one_sentence(path):
    assert refuses(WHATSAPP_ROUTING_ROLES_PATH=path) == [
        f"WHATSAPP_ROUTING_ROLES_PATH is {path!r}: write a path below the Graph API's version, like"
        " {phone_number_id}/something."
    ]
