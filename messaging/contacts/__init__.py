"""Who wrote: the ids that a message names become one person, and what is known of people is kept up
to date.

In: ids, profiles, preferences and changes of ids as providers tell them. Out: contacts, their
identities, and what changed. It may import its app's ground alone.
"""
