"""What happens in a thread beside our own messages, read from Meta's fields `standby`,
`messaging_handovers` and `calls`. Pure.

Nobody has seen the first two from a live second responder: whatever is not built as Meta's pages
say is kept whole and shown, and never taken for a message to us.
"""
