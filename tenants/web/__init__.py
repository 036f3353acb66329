"""Requests of people who sign in: the back-office's transaction, sessions, the sign-in and its
lock, passwords, input that no column takes.

In: a request, with a name and a password or a session. Out: a request in its scope, or a refusal
with its status. It may import its app's ground alone.
"""
