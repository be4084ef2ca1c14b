"""No way into the operator's network: each trick by itself."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from service.errors import InvalidInput
from service.jobs.addresses import Destinations, Forbidden, is_public, resolve_host

PUBLIC = ["93.184.215.14", "8.8.8.8", "2606:4700::1111", "2a00:1450:4001:80b::200e"]
PUBLIC += ["::ffff:8.8.8.8", "64:ff9b::808:808"]
NOT_PUBLIC = [
    "127.0.0.1",
    "127.255.255.254",
    "0.0.0.0",  # noqa: S104 - Linux takes it for loopback
    "10.0.0.1",
    "172.16.0.1",
    "192.168.1.1",
    "100.64.0.1",  # a carrier's own network
    "169.254.169.254",  # a cloud's metadata
    "192.0.0.192",  # another cloud's metadata
    "100.100.100.200",  # yet another's
    "192.88.99.1",  # relays of 6to4
    "198.18.0.1",
    "203.0.113.5",
    "224.0.0.1",
    "240.0.0.1",
    "255.255.255.255",
    "::",
    "::1",
    "::127.0.0.1",
    "::ffff:127.0.0.1",
    "::ffff:7f00:1",
    "::ffff:169.254.169.254",
    "64:ff9b::7f00:1",  # NAT64 of 127.0.0.1
    "64:ff9b::a9fe:a9fe",  # NAT64 of 169.254.169.254
    "64:ff9b:1::1",  # a network's own NAT64
    "2002:7f00:1::",  # 6to4 of 127.0.0.1
    "2001:0:7f00:1::",  # Teredo
    "2001:db8::1",
    "3fff::1",
    "fc00::1",
    "fd00:ec2::254",  # a cloud's metadata over IPv6
    "fe80::1",
    "fe80::1%eth0",
    "2606:4700::1111%eth0",
    "fec0::1",
    "ff02::1",
    "5f00::1",
    "not an address",
    "",
]
REFUSED = [
    "http://hooks.example.org/",
    "ftp://hooks.example.org/",
    "file:///etc/passwd",
    "gopher://hooks.example.org/",
    "//hooks.example.org/",
    "hooks.example.org",
    "https:///path",
    "https://",
    "",
    "https://user@hooks.example.org/",
    "https://user:password@hooks.example.org/",
    "https://:@hooks.example.org/",
    "https://hooks.example.org@127.0.0.1/",
    "https://127.0.0.1/",
    "https://127.1/",
    "https://127.0.0.1./",
    "https://0/",
    "https://2130706433/",  # decimal
    "https://017700000001/",  # octal
    "https://0177.0.0.1/",
    "https://0x7f000001/",  # hexadecimal
    "https://0x7f.0.0.1/",
    "https://127.0.0.0x1/",
    "https://127.0.0.08/",
    "https://[::1]/",
    "https://[::ffff:127.0.0.1]/",
    "https://[::ffff:7f00:1]/",
    "https://[64:ff9b::7f00:1]/",
    "https://[fe80::1]/",
    "https://[fe80::1%25eth0]/",
    "https://169.254.169.254/latest/meta-data/",
    "https://10.0.0.8:8443/",
    "https://hooks.example.org\\@127.0.0.1/",
    "https://hooks.example.org:99999/",
    "https://１２７.0.0.1/",
    "https://127。0。0。1/",
    "https://hooks.example.org/\r\nX: y",
    "https://hooks.example.org/" + "x" * 2000,
]


@pytest.mark.parametrize("address", PUBLIC)
def test_addresses_of_the_internet_are_public(address: str) -> None:
    assert is_public(address)


@pytest.mark.parametrize("address", NOT_PUBLIC)
def test_other_addresses_are_not_public(address: str) -> None:
    assert not is_public(address)


@pytest.mark.parametrize("url", REFUSED)
def test_what_can_be_refused_is_refused_before_anybody_is_asked(url: str) -> None:
    with pytest.raises(InvalidInput) as refused:
        Destinations().check(url)
    assert refused.value.field == "callback_url"


@pytest.mark.parametrize(
    "url",
    [
        "https://hooks.example.org/",
        "https://hooks.example.org:8443/a?b=c#d",
        "https://HOOKS.example.org./",
        "https://8.8.8.8/",
        "https://[2606:4700::1111]/",
        "https://新闻.example/",
        "https://1.example.org/",
        "https://0x7f.example/",
    ],
)
def test_public_hosts_are_taken(url: str) -> None:
    Destinations().check(url)


def test_http_is_taken_if_it_is_allowed() -> None:
    Destinations(http=True).check("http://hooks.example.org/")
    with pytest.raises(InvalidInput):
        Destinations(http=True).check("ftp://hooks.example.org/")


@pytest.mark.parametrize(
    ("host", "allowed"),
    [
        ("cms.internal", True),
        ("CMS.internal.", True),
        ("a.news.example", True),
        ("a.b.news.example", True),
        ("10.0.0.8", True),
        ("news.example", False),
        ("evilnews.example", False),
        ("news.example.evil.test", False),
        ("cms.internal.evil.test", False),
        ("10.0.0.9", False),
        ("8.8.8.8", False),
    ],
)
def test_an_allow_list_allows_what_it_names_and_no_more(host: str, allowed: bool) -> None:
    listed = Destinations(("cms.internal", "*.news.example", "10.0.0.8"))
    if allowed:
        listed.check(f"https://{host}/hook")
    else:
        with pytest.raises(InvalidInput):
            listed.check(f"https://{host}/hook")


class Names:
    """A resolver that gives the next of its answers each time."""

    def __init__(self, *answers: Sequence[str]) -> None:
        self._answers = list(answers)
        self.asked: list[tuple[str, int]] = []

    async def __call__(self, host: str, port: int) -> Sequence[str]:
        self.asked.append((host, port))
        return self._answers.pop(0)


async def test_the_name_is_asked_for_once_and_its_address_is_what_is_connected_to() -> None:
    # the second answer is never heard: DNS that changes it wins nothing
    names = Names(["8.8.8.8"], ["127.0.0.1"])
    target = await Destinations().resolve("https://rebind.example/x", names)
    assert (target.address, target.url) == ("8.8.8.8", "https://rebind.example/x")
    assert names.asked == [("rebind.example", 443)]
    with pytest.raises(Forbidden, match="not public"):
        await Destinations().resolve("https://rebind.example/x", names)


@pytest.mark.parametrize("address", [one for one in NOT_PUBLIC if one])
async def test_a_name_of_an_address_that_is_not_public_is_refused(address: str) -> None:
    with pytest.raises(Forbidden):
        await Destinations().resolve("https://inside.example/", Names([address]))


async def test_one_bad_address_among_good_ones_is_refused() -> None:
    with pytest.raises(Forbidden):
        await Destinations().resolve("https://x.example/", Names(["8.8.8.8", "10.0.0.1"]))


async def test_a_host_on_the_allow_list_may_be_in_the_own_network() -> None:
    listed = Destinations(("cms.internal",))
    target = await listed.resolve("https://cms.internal:8443/", Names(["10.0.0.8"]))
    assert target.address == "10.0.0.8"
    with pytest.raises(Forbidden):
        await listed.resolve("https://8.8.8.8/", Names(["8.8.8.8"]))


async def test_a_host_without_an_address_is_no_host() -> None:
    with pytest.raises(OSError, match="no address"):
        await Destinations().resolve("https://x.example/", Names([]))


@pytest.mark.parametrize("host", ["127.0.0.1", "2130706433", "0x7f.1", "0177.0.0.1", "localhost"])
async def test_whatever_form_the_system_understands_is_judged_by_what_it_means(host: str) -> None:
    found = await resolve_host(host, 443)
    assert found
    assert not any(map(is_public, found))
