"""`make bench-peers`: the door beside what others would build for the same webhooks.

Two small applications on the same PostgreSQL and under the same load: pywa_app.py and
sqlalchemy_app.py. They run in an environment of their own (requirements.txt) and import nothing of
the project. docs/benchmarks.md says what each does and does not do.
"""
