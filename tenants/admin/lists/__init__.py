"""Lists of the back-office, a page at a time by cursors: nothing is counted, and a page reads a
bounded number of rows.
"""
