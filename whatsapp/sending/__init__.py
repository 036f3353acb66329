"""What is to be said becomes the body of a POST, or sentences why Meta would refuse it. Pure.

In: something from `channels_app/content/`. Out: Meta's JSON. It may import media and its app's
ground. Meta's page: "Messages".
"""
