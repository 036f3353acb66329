"""Trace a message, or find a thread, by whatever somebody knows of it, and report it step by step
with what to do next.

In: a number as people type it, an id of ours or of a provider's. Out: messages and conversations,
and their way as text. It may import conversations and its app's ground.
"""
