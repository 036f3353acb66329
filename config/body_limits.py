"""Size limits of request bodies, in bytes. The web server imports them too, so this module does
not need Django.
"""

MIB = 1024 * 1024
WEBHOOKS = "/api/webhooks/"  # views below this path limit their bodies themselves
# Meta posts up to 3 MB, and retries for a week what Django's default of 2.5 MB would reject.
WEBHOOK_BYTES = 8 * MIB
API = "/api/v1/"
MEDIA = "/api/v1/media"  # takes files
MEDIA_BYTES = 17 * MIB  # a file of 16 MiB and what stands around it
PAGE_BYTES = MIB  # several times the size of the largest form
TOO_LARGE = "The request is too large."
