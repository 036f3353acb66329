"""The page of a conversation: what its two sides saw, message by message, with what became of each;
what is to be done where something went wrong; and who has the thread.
"""
