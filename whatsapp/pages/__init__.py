"""The pages of a tenant's own people: the connect page with its cards, and Meta's callbacks.

In: requests of browsers and of Meta. Out: pages, JSON of a signup's steps, orders. It may import
onboarding, business, webhooks, health, tasks and its app's ground.
"""
