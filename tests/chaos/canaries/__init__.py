"""Canaries: secrets and words of people, sent through every path and every error, and the places
where none of them may be found.

`words`: the canaries. `copy`: the product at work, and all that it says. `settings`, `strategy`:
the product's own, with replies that fail. `graph`: a provider that repeats what it was asked.
`of_messages`, `of_people`, `of_connecting`, `of_programs`: what is done. `places`: where is looked.
`plants`: leaks that must be found.
"""
