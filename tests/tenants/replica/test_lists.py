"""Lists of the API are read from the standby, as their tenant, and never older than the request."""

import pytest

from channels_app.api.channels import Channels
from tenants.replica import server
from tests.support.api import as_told
from tests.support.processes import eventually
from tests.tenants.replica.answers import names_in, said
from tests.tenants.replica.rows import channel_of, contact_of

LISTS = [
    "channels",
    "contacts",
    "conversations",
    "events",
    "messages",
    "templates",
    "webhook-endpoints",
]
SCANS = """SELECT coalesce(seq_scan, 0) + coalesce(idx_scan, 0) FROM pg_stat_user_tables
    WHERE relid = 'messaging.contacts'::regclass"""
AWAY = "Lists are read from the primary: the replica does not answer (OperationalError)."
BEHIND = "Lists are read from the primary: the replica is behind."
BACK = "Lists are read from the replica again."


def test_the_statement_of_a_list_runs_on_the_standby(acmes, ada, standby, database_name, read_from):
    before = standby.ask(SCANS, database_name)

    assert names_in(acmes.get("contacts")) == ["Ada"]

    assert read_from() == {"primary": 0, "replica": 1}
    # what a session has read is told a second after its transaction
    assert eventually(lambda: standby.ask(SCANS, database_name) > before)


def test_a_tenant_reads_its_own_rows_alone_there(acmes, globexs, acme, globex, read_from):
    contact_of(acme, "Ada")
    contact_of(globex, "Grace")

    assert names_in(acmes.get("contacts")) == ["Ada"]
    assert names_in(globexs.get("contacts")) == ["Grace"]
    assert read_from() == {"primary": 0, "replica": 2}


def test_another_tenants_row_in_a_filter_is_not_there(acmes, acme, globex, read_from):
    theirs = channel_of(globex)

    assert acmes.get("conversations", channel=str(theirs.id)).status_code == 404
    assert acmes.get("conversations", channel=str(channel_of(acme).id)).status_code == 200


@pytest.mark.parametrize("path", LISTS)
def test_every_list_tells_the_same_from_either_server(acmes, acme, ada, path, read_from, request):
    channel_of(acme)
    made = acmes.post("webhook-endpoints", {"url": "https://8.8.8.8/hook"})
    assert made.status_code == 201, made.text
    from_the_standby = as_told(acmes.get(path))
    counted = read_from()
    server.leave_alone(60, "is left alone by the test")

    assert as_told(acmes.get(path)) == from_the_standby
    assert (counted, read_from()) == (
        {"primary": 0, "replica": 1},
        {"primary": 1, "replica": 1},
    )


def test_a_list_of_the_platform_is_read_there_too(platform, acme, globex, read_from):
    assert names_in(platform.get("tenants")) == ["Globex", "Acme"]
    assert read_from() == {"primary": 0, "replica": 1}


def test_one_row_and_what_is_written_are_the_primarys(acmes, ada, read_from):
    acmes.patch(f"contacts/{ada.id}", {"blocked": True})
    acmes.get(f"contacts/{ada.id}")
    assert read_from() == {"primary": 0, "replica": 0}


def test_what_was_just_written_is_in_the_list_though_the_standby_lacks_it(
    acmes, acme, ada, standby, impatient, read_from, caplog
):
    with standby.held_back():
        contact_of(acme, "Grace")

        assert names_in(acmes.get("contacts")) == ["Grace", "Ada"]
        assert names_in(acmes.get("contacts")) == ["Grace", "Ada"]

    assert read_from() == {"primary": 2, "replica": 0}
    assert said(caplog) == [BEHIND]


def test_a_list_is_read_from_the_primary_while_the_standby_is_away_and_there_again_later(
    acmes, ada, standby, read_from, caplog, monkeypatch
):
    standby.server.stop()
    try:
        assert names_in(acmes.get("contacts")) == ["Ada"]
        assert names_in(acmes.get("contacts")) == ["Ada"]
    finally:
        standby.server.start()
    assert (read_from(), said(caplog)) == ({"primary": 2, "replica": 0}, [AWAY])

    monkeypatch.setattr(server, "_rests_until", 0.0)
    assert names_in(acmes.get("contacts")) == ["Ada"]

    assert (read_from(), said(caplog)) == ({"primary": 2, "replica": 1}, [AWAY, BACK])


def test_a_standby_that_was_restarted_between_two_lists_is_used_at_once(
    acmes, ada, standby, read_from, caplog
):
    assert names_in(acmes.get("contacts")) == ["Ada"]
    standby.server.stop()
    standby.server.start()

    assert names_in(acmes.get("contacts")) == ["Ada"]
    assert (read_from(), said(caplog)) == ({"primary": 0, "replica": 2}, [])


def test_what_a_list_would_write_is_refused_there_and_done_by_the_primary(
    acmes, acme, ada, read_from, monkeypatch
):
    channel_of(acme)
    rows = Channels.rows

    def writing(view, filters):
        rows(view, filters).update(name="Renamed")
        return rows(view, filters)

    monkeypatch.setattr(Channels, "rows", writing)

    assert names_in(acmes.get("channels")) == ["Renamed"]
    assert read_from() == {"primary": 1, "replica": 0}


def test_without_a_replica_nothing_is_counted_and_nothing_else_asked(acmes, ada, read_from):
    server.connections.settings.pop(server.REPLICA)

    assert names_in(acmes.get("contacts")) == ["Ada"]

    assert read_from() == {"primary": 0, "replica": 0}
