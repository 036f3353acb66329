"""Meta's JSON becomes our events: signature, priority, and a reader for each list of items. Pure.

In: the bytes of a webhook and its headers. Out: the events of `channels_app/events/`, item by item.
It may import its app's ground alone. Meta's page: "Webhooks".
"""
