"""What happens to a message: the door, the pipeline inwards, the replies, the dispatch outwards.
Knows no provider by name.
"""
