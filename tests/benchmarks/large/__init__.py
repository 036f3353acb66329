"""`make bench-lists`: every list of the API and of the back-office on 10,000 tenants and five
million messages.

The data set (sql/) is made once and kept in /var/tmp until the schema or the statements that make
it change. Each list is asked through its own view, and each statement that it made is run again by
EXPLAIN in the same scope.
"""
