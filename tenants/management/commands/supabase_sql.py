from typing import Any

from django.core.management.base import BaseCommand, CommandError

from tenants.database import supabase


class Command(BaseCommand):
    help = (
        "Prints everything that prepare_database makes as one file for Supabase's SQL editor, as"
        " the prepared database of DATABASE_URL has it. Example: manage.py supabase_sql >"
        " SUPABASE_WHATSAPP_MIGRATION.sql"
    )

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            text = supabase.migration()
        except supabase.NotPrepared:
            raise CommandError(
                "Migrations are missing in this database: run `manage.py prepare_database`."
            ) from None
        self.stdout.write(text, ending="")
