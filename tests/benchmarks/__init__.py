"""`make bench`: what the machine's PostgreSQL can do, and what the product does with it, side by
side.

Each round runs pgbench's ceilings (sql/) and the product's own work one after the other on the same
server; a figure means something only as a ratio to a ceiling of the same run, or as milliseconds of
CPU time a message. Nothing fails for being slow.

`make bench-peers` (peers/): the door beside what others would build.

`make bench-lists` (large/): every list of the API on a large data set. It fails for one that takes
too long in the database. `make bench-large` (large/growth.py): the product's work on that data set
beside an empty database.

`make bench-retention` (retention.py): thirty days of webhooks kept. It fails for what grows.

`make bench-snapshot` (snapshot.py): a snapshot that is held open under a steady load.

`make soak` (soak.py): a steady load on the real processes. It fails for what grows, and for what is
lost or doubled.
"""
