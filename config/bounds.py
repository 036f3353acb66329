"""How large a request's body may be. Settings and the web server share it, so nothing here needs
Django.
"""

MIB = 1024 * 1024
WEBHOOKS = "/api/webhooks/"  # each view below it bounds what it reads
# Meta posts up to 3 MB; Django's own default of 2.5 MB would refuse it for a week
WEBHOOK_BYTES = 8 * MIB
PAGE_BYTES = MIB  # several times the largest form that a person could fill in
TOO_LARGE = "The request is too large."
