"""`python -m tests.benchmarks.large.flow WEBHOOKS CHANNELS`: explain the statements by which
webhooks are recorded and answered, their statuses applied, the queues swept, events given positions
and what is old purged, with Place's environment. A line of JSON for each statement.
"""

import json
import sys

import django


def main() -> None:
    django.setup()
    from tests.benchmarks.large.steps import STEPS
    from tests.plans.explained import explained, name_of

    count, channels = map(int, sys.argv[1:])
    for step in STEPS:
        with explained() as plans:
            step(count, channels)
        for statement, plan in plans.items():
            told = {
                "step": step.__name__.replace("_", " "),
                "statement": name_of(statement),
                "pages": plan.pages,
                "indexes": sorted(plan.indexes),
                "whole": sorted(plan.whole),
            }
            sys.stdout.write(json.dumps(told) + "\n")


if __name__ == "__main__":
    main()
