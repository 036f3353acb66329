"""The go-live checklist: what `manage.py whatsapp_checklist` looks at.

In: the settings, the database, the app at Meta. Out: what a check found, in a few words, or
NotReady. It may import business, graph, media, onboarding, webhooks and its app's ground.
"""
