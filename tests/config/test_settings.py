"""What is missing or unsafe in the environment is said at once, a sentence each; nothing starts and
no secret is repeated.
"""

import base64
import re

import pytest

from tests.support.processes import manage
from tests.support.starting import CANARY, refuses, unset, values

GOOD_KEY = base64.urlsafe_b64encode(bytes(range(1, 33))).decode()
UNSET = {
    "DATABASE_URL": "names the database and the runtime role",
    "SECRET_KEY": "signs sessions",
    "ENCRYPTION_KEYS": "seals the channels' tokens",
}
SHORT_KEY = "SECRET_KEY is too short or a placeholder: use at least 32 random characters."
NO_KEY = (
    "ENCRYPTION_KEYS holds a key that is not NAME:BASE64URL of 32 bytes; make one as .env.example"
    " shows."
)
POOR_KEY = "ENCRYPTION_KEYS holds a key of zeros; make one as .env.example shows."
NO_ADDRESS = (
    "DATABASE_URL is not a PostgreSQL address: write postgresql://ROLE:PASSWORD@HOST:PORT/DATABASE."
)
PUBLIC_HTTP = (
    "PUBLIC_URL is http on a host that is not this machine: use https, or 127.0.0.1 for"
    " development."
)
NO_PUBLIC = "PUBLIC_URL is not an address: write https://HOST, as Meta and your staff reach it."
NO_HOSTS = (
    "ALLOWED_HOSTS is not set: with an https PUBLIC_URL, list the host names that may be asked for."
)
NO_LEVEL = "LOG_LEVEL must be DEBUG, INFO, WARNING, ERROR or CRITICAL."


@pytest.mark.parametrize("value", [pytest.param("", id="empty"), pytest.param("  ", id="blank")])
@pytest.mark.parametrize("name", UNSET)
def test_a_required_variable_without_a_value_is_one_sentence(name, value):
    assert refuses(**{name: value}) == [unset(name, UNSET[name])]


def test_several_variables_missing_at_once_are_a_sentence_each():
    found = refuses(**dict.fromkeys(UNSET))
    assert sorted(found) == sorted(unset(name, purpose) for name, purpose in UNSET.items())


@pytest.mark.parametrize(
    "command",
    [["check"], ["worker", "--once"], ["prepare_database"], ["create_tenant", "a", "--name", "A"]],
)
def test_every_command_refuses_alike(command):
    done = manage("nowhere", *command, SECRET_KEY=None, LOG_LEVEL="LOUD")

    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr.splitlines() == [unset("SECRET_KEY", UNSET["SECRET_KEY"]), NO_LEVEL]


def test_faults_of_every_kind_at_once_are_a_sentence_each():
    expected = [
        PUBLIC_HTTP,
        SHORT_KEY,
        NO_KEY,
        NO_ADDRESS,
        NO_LEVEL,
    ]
    found = refuses(
        PUBLIC_URL="http://shop.test",
        SECRET_KEY=CANARY,
        ENCRYPTION_KEYS=f"k1:{CANARY}",
        DATABASE_URL=f"mysql://root:{CANARY}@127.0.0.1/messages",
        LOG_LEVEL="LOUD",
    )
    assert found == expected


@pytest.mark.parametrize(
    "value",
    [
        pytest.param(CANARY.ljust(31, "7"), id="31 characters"),
        pytest.param("changeme-" + CANARY * 10, id="placeholder"),
        pytest.param("Your_Secret_Key_" + CANARY * 10, id="placeholder in capitals"),
    ],
)
def test_a_weak_secret_key_is_refused(value):
    assert refuses(SECRET_KEY=value) == [SHORT_KEY]


@pytest.mark.parametrize(
    ("value", "sentences"),
    [
        pytest.param("canary", [NO_KEY], id="no name"),
        pytest.param(f"k1:{CANARY}", [NO_KEY], id="no key"),
        pytest.param(f"k1:{GOOD_KEY[:-4]}", [NO_KEY], id="a cut key"),
        pytest.param(f":{GOOD_KEY}", [NO_KEY], id="an empty name"),
        pytest.param(
            f"k.1:{GOOD_KEY}", [NO_KEY], id="a name with a dot, which sealed texts are cut at"
        ),
        pytest.param(f"k1:{base64.urlsafe_b64encode(bytes(32)).decode()}", [POOR_KEY], id="zeros"),
        pytest.param(f"k2:{GOOD_KEY},k1:{CANARY}", [NO_KEY], id="a wrong one in the list"),
        pytest.param(
            f"k2:{CANARY},k1:{base64.urlsafe_b64encode(bytes(32)).decode()}",
            [NO_KEY, POOR_KEY],
            id="two wrong ones",
        ),
        pytest.param(",", [NO_KEY], id="a list of nothing"),
        pytest.param(f"k2:{GOOD_KEY},,k1:{GOOD_KEY}", [NO_KEY], id="an empty one in the list"),
        pytest.param(f'k2:{GOOD_KEY},k1:"{GOOD_KEY}",', [NO_KEY], id="one in quotation marks"),
        pytest.param(f"k1:{GOOD_KEY[:20]} {GOOD_KEY[20:]}", [NO_KEY], id="a blank within"),
    ],
)
def test_wrong_encryption_keys_are_refused(value, sentences):
    assert refuses(ENCRYPTION_KEYS=value) == sentences


@pytest.mark.parametrize(
    "value",
    [
        "canary",
        f"mysql://msg_app:{CANARY}@127.0.0.1/messages",
        f"postgresql://:{CANARY}@127.0.0.1/messages",
        f"postgresql://msg_app:{CANARY}@127.0.0.1",
        f"postgresql://msg_app:{CANARY}@127.0.0.1/",
        pytest.param(
            f"postgresql://msg_app:{CANARY}@127.0.0.1:port/messages", id="a port that is no number"
        ),
    ],
)
def test_a_wrong_database_url_is_one_sentence(value):
    assert refuses(DATABASE_URL=value) == [NO_ADDRESS]
    assert refuses(DATABASE_OWNER_URL=value) == [
        NO_ADDRESS.replace("DATABASE_URL", "DATABASE_OWNER_URL")
    ]


@pytest.mark.parametrize(
    ("changes", "sentences"),
    [
        pytest.param(
            {"PUBLIC_URL": "http://shop.test"}, [PUBLIC_HTTP], id="http on a foreign host"
        ),
        pytest.param(
            {"PUBLIC_URL": "http://127.0.0.1.shop.test"},
            [PUBLIC_HTTP],
            id="http on a host that looks like ours",
        ),
        pytest.param({"PUBLIC_URL": "shop.test"}, [NO_PUBLIC], id="no scheme"),
        pytest.param({"PUBLIC_URL": "ftp://127.0.0.1"}, [NO_PUBLIC], id="another scheme"),
        pytest.param({"PUBLIC_URL": "https://["}, [NO_PUBLIC], id="no host"),
        pytest.param(
            {"PUBLIC_URL": "https://shop.test", "ALLOWED_HOSTS": None},
            [NO_HOSTS],
            id="https without ALLOWED_HOSTS",
        ),
        pytest.param(
            {"PUBLIC_URL": "https://shop.test", "ALLOWED_HOSTS": ""},
            [NO_HOSTS],
            id="https, ALLOWED_HOSTS empty",
        ),
    ],
)
def test_a_public_url_that_would_expose_sign_ins_is_refused(changes, sentences):
    assert refuses(**changes) == sentences


@pytest.mark.parametrize("value", ["soon", "0", "-1", "nan", "inf", "1e9", ""])
def test_seconds_that_are_no_positive_number_are_refused(value):
    assert refuses(SEND_LEASE_SECONDS=value) == [
        f"SEND_LEASE_SECONDS is {value!r}: it must be a positive number of seconds."
    ]


def test_a_post_under_way_never_counts_as_lost():
    sentence = (
        "UNKNOWN_AFTER_SECONDS must be larger than SEND_TIMEOUT_SECONDS, or a POST still under way"
        " counts as lost."
    )
    assert refuses(SEND_TIMEOUT_SECONDS="60") == [sentence]


@pytest.mark.parametrize(("unknown_after", "post_within"), [("60", 5), ("15", 5), ("11", 1.0)])
def test_a_post_begins_early_enough_to_be_over_before_it_counts_as_lost(unknown_after, post_within):
    changes = {"SEND_TIMEOUT_SECONDS": "10", "UNKNOWN_AFTER_SECONDS": unknown_after}
    assert values("POST_WITHIN_SECONDS", **changes) == [post_within]


def test_values_in_quotation_marks_and_between_blanks_are_what_stands_in_between():
    """Each as `docker --env-file` hands on what a shell would have taken the quotation marks
    from.
    """
    given = {
        "SECRET_KEY": "0123456789abcdef" * 4,
        "PUBLIC_URL": "https://shop.test",
        "MEDIA_ROOT": "/srv/files",
        "LOG_LEVEL": "ERROR",
        "PORT": "8001",
        "DATABASE_OWNER_URL": "postgresql://msg_owner:test@127.0.0.1/messages",
    }
    quoted = {name: f' "{value}"\t' for name, value in given.items()}
    more = {
        "ALLOWED_HOSTS": "'shop.test'",
        "ENCRYPTION_KEYS": f"'k1:{GOOD_KEY}, '",
        "SEND_LEASE_SECONDS": "'20'",
    }

    assert values(*given, "ALLOWED_HOSTS", "SEND_LEASE_SECONDS", **quoted, **more) == [
        *given.values(),
        ["shop.test"],
        20,
    ]


def test_a_secret_that_begins_with_a_dollar_sign_is_taken_as_it_is():
    secret = "$" + "0123456789abcdef" * 4
    assert values("SECRET_KEY", SECRET_KEY=secret) == [secret]


def test_an_https_address_switches_on_what_https_needs_and_a_local_one_leaves_it_off():
    names = (
        "SECURE_SSL_REDIRECT",
        "SESSION_COOKIE_SECURE",
        "CSRF_COOKIE_SECURE",
        "SECURE_PROXY_SSL_HEADER",
        "DEBUG",
    )

    https = values(*names, PUBLIC_URL="https://shop.test", ALLOWED_HOSTS="shop.test", DEBUG="1")
    assert https == [True, True, True, ["HTTP_X_FORWARDED_PROTO", "https"], False]
    assert values(*names, PUBLIC_URL="http://127.0.0.1:8000", ALLOWED_HOSTS=None) == [
        False,
        False,
        False,
        None,
        False,
    ]


def test_the_deployment_check_is_told_of_hosts_that_anybody_may_name(database_name):
    arguments = ("check", "--deploy", "--fail-level", "WARNING")
    done = manage(database_name, *arguments, PUBLIC_URL="https://shop.test", ALLOWED_HOSTS="*")

    said = (
        "ALLOWED_HOSTS holds '*', which trusts every Host header, also in redirects: list the host"
        " names instead."
    )
    assert (done.returncode, re.findall(r"\?: (.*)", done.stderr)) == (
        1,
        [f"(tenants.W001) {said}"],
    )
    assert manage(database_name, "check", ALLOWED_HOSTS="*").stderr == ""


def test_djangos_own_deployment_check_is_content_with_an_https_address(database_name):
    arguments = ("check", "--deploy", "--fail-level", "WARNING")
    done = manage(
        database_name, *arguments, PUBLIC_URL="https://shop.test", ALLOWED_HOSTS="shop.test"
    )

    assert (done.returncode, done.stdout, done.stderr) == (
        0,
        "System check identified no issues (0 silenced).\n",
        "",
    )
    # so it looks: a local address lacks what https needs
    assert manage(database_name, *arguments).returncode == 1
