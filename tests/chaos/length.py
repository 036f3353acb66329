"""How long the faults go on: `make chaos`, or `make chaos-short`."""

import os

IS_LONG = os.environ.get("CHAOS") == "long"
