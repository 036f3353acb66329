"""The conventions of the REST API, which every app's `api/` builds on: who asks, in which scope a
request runs, how lists are paged, what a fault looks like, and how it is all described.

In: a request. Out: a view that runs in the scope of its key's tenant, or problem details. It may
import api_keys, web and its app's ground.
"""
