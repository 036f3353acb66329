"""Any JSON, of the keys that Meta writes and of others."""

import json

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st

from tests.support.whatsapp import corpus

WORDS = sorted(
    {
        key
        for case in corpus.CASES
        for key in corpus.keys_of(json.loads((corpus.FOLDER / case["file"]).read_bytes()))
    }
)
KEYS = st.sampled_from(WORDS) | st.text(max_size=3)
LEAVES = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text(st.characters(), max_size=20)
    | st.just(10**4_000)
)
JSON = st.recursive(
    LEAVES,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(KEYS, inner, max_size=5),
    max_leaves=12,
)
TRIES = settings(
    max_examples=200, deadline=None, database=None, suppress_health_check=[HealthCheck.too_slow]
)
