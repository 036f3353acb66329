"""A rehearsal: the deliveries that a restored copy of the database holds are played once more, by
the code and the reply strategy of today, and what would be recorded is compared with what was.

In: the name of a copy, and a moment. Out: a report of every difference. Everything happens in a
clone of the copy, which is dropped in the end; the copy itself is read and never changed, and
nothing is sent. It may import inbound, conversations, maintenance and its app's ground;
only its command imports it.
"""
