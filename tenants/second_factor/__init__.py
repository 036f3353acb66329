"""The second factor: an authenticator app, and recovery codes for who lost it.

In: who has given a password, and a code. Out: a session in which the factor is proven; until then
its user is nobody to every other page. It may import its app's ground and `web`.
"""
