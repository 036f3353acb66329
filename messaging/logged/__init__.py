"""What the event log is told of messages, conversations and contacts: ids and words, never what was
said or by which number.

In: rows, as they were just changed. Out: events that are not stored yet; whoever changes the rows
appends them in the same transaction (channels_app/event_log/). Pure; it may import its app's ground
alone.
"""
