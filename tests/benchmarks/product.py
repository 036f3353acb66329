"""`python -m tests.benchmarks.product WORK ...`: run a work of works.py, with Place's environment.
The last line of the output is its Figures.
"""

import sys

import django


def main() -> None:
    django.setup()
    from tests.benchmarks.works import WORKS

    work, *arguments = sys.argv[1:]
    sys.stdout.write(WORKS[work](*arguments).as_json() + "\n")


if __name__ == "__main__":
    main()
