"""`make supabase-sql`: write the file for Supabase's SQL editor anew, from a database that was
prepared for this alone.
"""

import sys

import tests.settings  # noqa: F401  the environment of the tests
from config.development_database import PROJECT
from tests.support import database
from tests.support.processes import manage

FILE = PROJECT / "SUPABASE_WHATSAPP_MIGRATION.sql"


def main() -> None:
    server = database.start()
    try:
        done = manage(database.PREPARED, "supabase_sql")
    finally:
        server.stop()
        database.remove(server)
    if done.returncode:
        sys.exit(done.stderr)
    FILE.write_text(done.stdout)
    sys.stdout.write(f"{FILE.name} is written.\n")


if __name__ == "__main__":
    main()
