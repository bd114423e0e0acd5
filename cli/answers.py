"""What the command line adds to the bodies that every edge shares."""

from integration.usecases.answers import Answer, Body


def written(answer: Answer, key: str) -> Body:
    """The answer to a write, with the key of this request: the one to repeat it with."""
    return {**answer.body, "request_key": key, "replayed": answer.replayed}
