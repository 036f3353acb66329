"""The database as its owner prepares it: roles and their settings, schema, migrations, grants; and
how statements that are kept in files are run and many rows inserted at once.

In: the `grants` of every AppConfig, and the owner's connection. Out: a prepared database, the same
as one file for Supabase's SQL editor, and what in it is no longer as it was prepared. It may import
its app's ground alone.
"""
