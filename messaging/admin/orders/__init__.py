"""What staff order for the rows of a list: each order is one call, which changes a row once,
whoever orders it at the same moment.
"""
