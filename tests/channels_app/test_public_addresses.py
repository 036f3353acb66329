"""Which addresses are public, and that a name leads to public ones alone."""

import socket
import threading
import time

import pytest

from channels_app.http import public_addresses

PLACES = {
    "8.8.8.8": True,
    "157.240.1.1": True,
    "2a03:2880:f003::1": True,
    "127.0.0.1": False,
    "127.8.8.8": False,
    "10.1.2.3": False,
    "172.16.0.1": False,
    "172.32.0.1": True,
    "192.168.1.1": False,
    "169.254.169.254": False,
    "100.64.0.1": False,
    "100.128.0.1": True,
    "0.0.0.0": False,  # noqa: S104
    "224.0.0.1": False,
    "255.255.255.255": False,
    "198.18.0.1": False,
    "::1": False,
    "::": False,
    "::ffff:8.8.8.8": False,
    "::ffff:169.254.169.254": False,
    "::127.0.0.1": False,
    "64:ff9b::a00:1": False,
    "2002:7f00:1::1": False,
    "2001:0:7f00:1::": False,
    "2001:db8::1": False,
    "fc00::1": False,
    "fd00:ec2::254": False,
    "fe80::1": False,
    "fe80::1%lo": False,
    "ff02::1": False,
}


@pytest.mark.parametrize("place", PLACES)
def test_only_places_of_the_public_network_are_public(place):
    assert public_addresses.is_public(place) == PLACES[place]


def test_a_name_that_leads_to_public_places_alone_is_followed(names):
    names("lookaside.fbsbx.com", ["157.240.1.1", "157.240.1.2"])
    assert public_addresses.resolve("lookaside.fbsbx.com", 443) == ["157.240.1.1", "157.240.1.2"]


@pytest.mark.parametrize(
    "found", [["10.0.0.1"], ["157.240.1.1", "127.0.0.1"], ["::ffff:10.0.0.1"], ["169.254.169.254"]]
)
def test_a_name_that_leads_into_our_own_network_is_refused_even_if_not_all_of_it_does(names, found):
    names("lookaside.fbsbx.com", found)
    with pytest.raises(public_addresses.NotPublic) as refused:
        public_addresses.resolve("lookaside.fbsbx.com", 443)

    assert (
        str(refused.value)
        == "The host lookaside.fbsbx.com leads into a network that is not public."
    )


def test_an_exempt_place_need_not_be_public_and_no_other_port_of_it_is(names):
    names("crm.internal", ["10.0.0.1"])
    exempt = {("crm.internal", 8443)}
    assert public_addresses.resolve("crm.internal", 8443, exempt) == ["10.0.0.1"]
    with pytest.raises(public_addresses.NotPublic):
        public_addresses.resolve("crm.internal", 443, exempt)


def test_a_resolver_that_does_not_answer_is_waited_for_no_longer_than_asked(monkeypatch):
    answers = threading.Event()
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_, **__: answers.wait(60))
    began = time.monotonic()
    try:
        with pytest.raises(TimeoutError):
            public_addresses.resolve("crm.example.com", 443, seconds=0.1)
        assert time.monotonic() - began < 30
    finally:
        answers.set()


def test_a_name_that_nobody_knows_is_the_resolvers_own_error(monkeypatch):
    def unknown(*_, **__):
        raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")

    monkeypatch.setattr(socket, "getaddrinfo", unknown)
    with pytest.raises(socket.gaierror):
        public_addresses.resolve("crm.example.com", 443)
