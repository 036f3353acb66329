"""A Graph API whose errors repeat what they were asked with: the token, the number, the text."""

from tests.chaos.meta import Graph
from whatsapp.stand_in.http import Answer, Request, graph_error


class Echo(Graph):
    """`echoes`: how the coming requests are refused: (the end of the path, code, HTTP status); a
    page of HTML for None as code. What none of them is for is answered as the stand-in does.
    """

    def __init__(self) -> None:
        super().__init__()
        self.echoes: list[tuple[str, int | None, int]] = []

    def turn_away(self, request: Request) -> Answer | None:
        found = [each for each in self.echoes if request.path.endswith(each[0])]
        if not found:
            return super().turn_away(request)
        self.echoes.remove(found[0])
        _, code, status = found[0]
        said = f"{request.token} {dict(request.query)} {request.body.decode(errors='replace')}"
        return graph_error(code, said, status=status) if code else Answer(f"<html>{said}", status)
