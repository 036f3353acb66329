"""Four workers, two webs and jobs on machines of their own: machines come, go, are killed and are
cut off while Meta posts. Each message is stored once, and each reply is sent once.
"""

import signal
import threading
import time

import pytest

from tests.chaos.length import IS_LONG
from tests.chaos.running import Running, wait_at_least
from tests.scale_out import posts
from tests.support.processes import eventually

pytestmark = pytest.mark.whatsapp

PER_SECOND = 15
GRAPH_SECONDS = 0.2  # so that messages are under way whenever something happens
# a cut outlasts a lease
ROUNDS, APART, CUT_SECONDS = (3, 5, 40) if IS_LONG else (1, 0.3, 4)
END_SECONDS = 120
NOT_DELIVERED = """
    SELECT id::text FROM messaging.messages WHERE direction = 'outbound' AND status <> 'delivered'
"""


class Fleet:
    """Four workers, two webs and jobs; and what may happen to them."""

    def __init__(self, site, pooler) -> None:
        self.site, self.pooler = site, pooler
        self.workers = [site.start_worker() for _ in range(4)]
        self.webs = [site.start_web() for _ in range(2)]
        self.jobs = site.start_jobs()
        for web in self.webs:
            web.wait_until_it_answers()
        for worker in self.workers:
            worker.wait_until_it_runs()

    def add_a_worker(self) -> None:
        worker = self.site.start_worker()
        worker.wait_until_it_runs()
        self.workers.append(worker)

    def end_a_worker(self) -> None:
        worker = self.workers.pop(0)
        worker.process.send_signal(signal.SIGTERM)
        assert worker.process.wait(END_SECONDS) == 0

    def kill_a_worker(self) -> None:
        self.workers.pop(0).kill()
        self.add_a_worker()

    def restart_the_pooler(self) -> None:
        with self.site.server.machine.inside():
            self.pooler.restart()

    def cut_a_worker_off(self) -> None:
        self.cut_off(self.workers[0])

    def cut_a_web_off(self) -> None:
        self.cut_off(self.webs[0])

    def cut_jobs_off(self) -> None:
        self.cut_off(self.jobs)

    def cut_off(self, process: Running) -> None:
        machine = self.site.machine_of(process)
        begun = time.monotonic()
        machine.cut()
        wait_at_least(begun, CUT_SECONDS)
        machine.mend()


def test_whatever_becomes_of_machines_each_message_is_stored_once_and_each_reply_sent_once(
    site, pooler, say
):
    site.graph.seconds = GRAPH_SECONDS
    fleet, is_over = Fleet(site, pooler), threading.Event()
    happenings = [
        fleet.add_a_worker,
        fleet.end_a_worker,
        fleet.kill_a_worker,
        fleet.cut_a_worker_off,
        fleet.restart_the_pooler,
        fleet.cut_jobs_off,
        fleet.cut_a_web_off,
    ]
    said = site.posting(posts.messages(), per_second=PER_SECOND)
    told = site.posting(posts.delivered(site.graph, is_over), per_second=10 * PER_SECOND)
    for happening in happenings * ROUNDS:
        wait_at_least(time.monotonic(), APART)
        happening()
    said.end_after(said.begun)
    assert said.wait(END_SECONDS)
    site.wait_until_calm(END_SECONDS)
    is_over.set()
    assert told.wait(END_SECONDS)
    site.wait_until_calm(END_SECONDS)

    count = said.begun
    not_delivered = {message for (message,) in site.rows(NOT_DELIVERED)}
    say(
        f"{count} messages, {len(said.answers) - count} posts repeated,"
        f" {len(not_delivered)} replies that never reached Meta"
    )
    assert sorted(site.inbound()) == posts.ids(count)
    assert len(site.replies()) == count
    assert set(site.replies()) - {"delivered", "unknown"} == set()
    assert not_delivered & set(site.posts()) == set()
    assert site.rows("SELECT count(*) FROM messaging.dead_letters") == [(0,)]
    site.assert_the_books_balance()
    assert all(eventually(worker.is_alive, 0) for worker in fleet.workers)
