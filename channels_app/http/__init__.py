"""HTTP to servers that others name: an SSRF guard, and a transport with a deadline that notes when
a request has left.

In: an address, and how long the answer may take. Out: the answer, or NotPublic where the address
leads into a network that is not public. It may import nothing of ours.
"""
