"""Meta's words for each thing that can be said: one file an idea. Called from
whatsapp/sending/compose.py only. Pure.
"""
