"""No command takes a secret on its command line, where every user of the machine can read it."""

import re
from argparse import Action
from collections.abc import Iterator

from django.core.management import get_commands, load_command_class

from config.settings import CHANNEL_APPS

OURS = {"tenants", "channels_app", "messaging", *CHANNEL_APPS}
SECRET = re.compile(r"token|secret|password|passphrase|pin|credential|key|code")
# of variables that hold one, of settings that are one, and of a key: its id or its beginning
PLAIN = {
    ("connect_channel", "token_env"),
    ("revoke_api_key", "key"),
    ("set_reply_strategy", "clear_secret"),
    ("set_reply_strategy", "secret_env"),
}


def arguments() -> Iterator[tuple[str, str]]:
    """Every command of ours with each argument that takes a value."""
    for command, app in get_commands().items():
        if isinstance(app, str) and app not in OURS:
            continue
        parser = load_command_class(app, command).create_parser("manage.py", command)
        yield from ((command, each.dest) for each in parser._actions if takes_a_value(each))


def takes_a_value(action: Action) -> bool:
    return action.nargs != 0


def test_no_argument_that_takes_a_value_is_a_secret():
    found = {(command, name) for command, name in arguments() if SECRET.search(name)}

    assert (found - PLAIN, len(list(arguments())) > 100) == (set(), True)
