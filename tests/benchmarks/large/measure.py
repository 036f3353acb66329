"""`python -m tests.benchmarks.large.measure TENANTS`: measure every list, with Place's environment.
A line of JSON for each page.
"""

import json
import sys
from dataclasses import asdict

import django


def main() -> None:
    django.setup()
    from tests.benchmarks.large import api_lists, back_office

    for page in (*api_lists.pages(api_lists.askers(int(sys.argv[1]))), *back_office.pages()):
        sys.stdout.write(json.dumps(asdict(page)) + "\n")


if __name__ == "__main__":
    main()
