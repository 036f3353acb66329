"""The release step: makes or updates everything the project needs in the database."""

import json
from typing import Any

from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import DatabaseError, InterfaceError, connection

from tenants.database import login_passwords, preparation


class Command(BaseCommand):
    help = (
        "Creates the role named in DATABASE_URL, the schema, tables, policies and grants, as the"
        " role of DATABASE_OWNER_URL. May be repeated. Example:"
        " DATABASE_OWNER_URL=postgresql://msg_owner:...@host/db manage.py prepare_database"
    )
    requires_system_checks: list = []  # they ask for what this command makes

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--hardened",
            action="store_true",
            help=(
                "make a login for each kind of process, too, with the passwords of"
                " WEBHOOKS_LOGIN_PASSWORD and so on, and print where each signs in:"
                " docs/hardened.md"
            ),
        )
        parser.add_argument(
            "--patience",
            type=float,
            default=120,
            metavar="SECONDS",
            help="For how long migrations try to get tables that other sessions keep.",
        )

    def handle(self, *args: Any, hardened: bool, patience: float, **options: Any) -> None:
        runtime = dict(connection.settings_dict)
        preparation.become_owner()
        try:
            passwords = login_passwords.given(runtime["ROLE"]) if hardened else {}
            self.stderr.write("Preparing roles, schema, tables and grants ...")
            preparation.prepare(runtime["ROLE"], runtime["PASSWORD"], passwords, patience)
        except (DatabaseError, InterfaceError) as error:
            reason = (str(error).strip() or type(error).__name__).splitlines()[0]
            raise CommandError(
                f"The database refused what its owner must be able to do: {reason}"
            ) from None
        connection.close()
        connection.settings_dict.update(runtime)
        call_command("check", stdout=self.stderr)
        told: dict[str, Any] = {"schema": preparation.SCHEMA, "role": runtime["ROLE"]}
        if hardened:
            told["logins"] = login_passwords.addresses(runtime)
        self.stdout.write(json.dumps(told))
