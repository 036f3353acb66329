"""Embedded Signup: from the code that Meta's window hands over to channels that are live, and the
way back out.

In: a code and a signed state. Out: channels with tokens and PINs sealed; disconnected ones after a
deauthorization. It may import business and its app's ground. Meta's page: "Embedded Signup".
"""
