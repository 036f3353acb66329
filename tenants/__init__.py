"""Who owns a row, and how that is kept: scopes, row level security, roles. Imports none of the
other apps.
"""
