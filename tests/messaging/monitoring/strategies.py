"""Reply strategies that are at fault."""

from typing import Any


class Fails:
    def reply_to(self, message: Any) -> str:
        raise RuntimeError("out of order")


class Nonsense:
    def reply_to(self, message: Any) -> Any:
        return 17
