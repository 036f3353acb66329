"""How what Meta reports is put into a sentence, where no table knows its words. Pure."""


def reported(subject: str, *words: str) -> str:
    """Of a subject, the words that are not empty; where there are none, that it has changed."""
    told = ", ".join(filter(None, words))
    return f"Meta reports of {subject}: {told}." if told else f"Meta reports a change of {subject}."


def in_brackets(*words: str) -> str:
    told = ", ".join(filter(None, words))
    return f" ({told})" if told else ""
