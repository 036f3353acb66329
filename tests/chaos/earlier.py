"""The last release's own processes, from its own code, on a stage that its code has prepared.

They run with the packages of this release: what differs between the two is the project's code.
"""

from pathlib import Path

from tests.chaos.running import Running, Web, Worker
from tests.chaos.stage import Stage

AS_IT_IS = {"CHAOS_LATE": "", "FAILPOINTS": ""}  # the tests' own ways into a process are of today


class EarlierProcesses:
    """A web, a worker and a jobs process of the code in `place`, once they are at work."""

    def __init__(self, stage: Stage, place: Path) -> None:
        settings = stage.settings | AS_IT_IS
        logs = stage.folder / "earlier"
        logs.mkdir()
        self.web = Web(settings, logs / "web.log", place)
        self.worker = Worker(settings, logs / "worker.log", place=place)
        self.jobs = Running(["python", "manage.py", "jobs"], settings, logs / "jobs.log", place)
        stage.processes += [self.web, self.worker, self.jobs]
        self.web.wait_until_it_answers()
        self.worker.wait_until_it_runs()

    def logs(self) -> str:
        return "".join(each.log.read_text() for each in (self.web, self.worker, self.jobs))
