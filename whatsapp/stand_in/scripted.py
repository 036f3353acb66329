"""Calls of onboarding that fail as a script says, each by its name."""

from typing import Any

from whatsapp.stand_in.http import Answer, Answering, Request, failing

INSTEAD = {"code", "http", "answer"}  # a step with one of these does nothing of what was asked


def scripted(name: str, answering: Answering) -> Answering:
    """The same call, after the next step of `stand_in.onboarding_script[name]`; "then": "close"
    does it and says nothing.
    """

    def answer(stand_in: Any, request: Request, *groups: str) -> Answer | None:
        steps = stand_in.onboarding_script[name]
        step = steps.popleft() if steps else {}
        stand_in.stopping.wait(step.get("delay", 0))
        if not INSTEAD.isdisjoint(step):
            return failing(step)
        done = answering(stand_in, request, *groups)
        return None if "then" in step else done

    return answer
