"""What a channel is, whichever the provider: events, the provider's verbs, the channel row and its
sealed credentials.
"""
