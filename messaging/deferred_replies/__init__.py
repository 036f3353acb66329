"""Automatic answers that take their time: their strategies are asked outside of any transaction, in
the jobs process, and what they say is queued if it still fits.

In: rows that a batch has stored because a strategy said Later (replies/). Out: queued answers, or
conversations that wait for a person. It may import conversations, outbound, replies and its app's
ground. Only the jobs process imports it.
"""
