"""The people who work for a tenant: their memberships and roles, invitations, and the pages on
which its owners manage them.

In: a signed-in user, or a signed invitation. Out: pages in the tenant's scope, memberships, the
mail that invites. It may import web and its app's ground.
"""
