"""Which table would lie where on Citus, and what stands in the way: read from the catalogue of a
migrated database and from the statements, written to docs/distribution.md (`make distribution`).
"""
