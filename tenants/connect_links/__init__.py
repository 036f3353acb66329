"""Links with which a business's owner connects a channel: made for a tenant, opened without an
account, bound to a browser.

In: a tenant, a kind of channel, a return address and an expiry; later the link, and the browser's
cookie. Out: the link; its row, read in its tenant's scope; the return address with what came of it.
The pages are the channel's own. It may import members and its app's ground.
"""
