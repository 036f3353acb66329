"""Meta's words for each thing that can be said: one file an idea. Called from whatsapp/compose.py only. Pure."""
