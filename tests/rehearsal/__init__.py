"""A rehearsal: a fixed corpus of deliveries through the real door and worker, and a dump of every
table to compare.

`make rehearsal INTO=FILE` writes the dump of the code as it stands, `make rehearsal AGAINST=FILE`
compares it with another one's. A change that moves code and changes no behaviour leaves the dump as
it is.
"""
