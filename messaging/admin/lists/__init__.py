"""How the lists of messages, conversations and contacts are searched and filtered: over indexes, or
by going through a bounded number of rows.
"""
