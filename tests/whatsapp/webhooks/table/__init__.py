"""What the parser must say of every webhook here: the recorded ones, and those made for what was
never recorded.
"""
