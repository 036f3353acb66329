"""Files at Meta: their metadata, the download behind an SSRF guard, the multipart upload, and names
that a person can open.

In: a media id, or a file. Out: the file's bytes, or its id. It may import graph and its app's
ground. Meta's page: "Media".
"""
