"""Files: fetched from providers, kept in the storage, shown to staff, and handed to providers
before they are sent.

In: ids of files at providers, and files that are to be sent. Out: stored files, and ids that a
message can name. It may import its app's ground alone.
"""
