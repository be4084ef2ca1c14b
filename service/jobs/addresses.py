"""Which addresses a webhook may be sent to: none in the operator's own network.

The check must cover the address of the connection itself. A name is therefore resolved once, all
of its addresses are checked, and the connection is made to one of them.
"""

from __future__ import annotations

import asyncio
import functools
import ipaddress
import re
import socket
import ssl
from collections.abc import Awaitable, Callable, Sequence
from contextlib import AbstractAsyncContextManager

import httpx
import msgspec

from service import __version__
from service.errors import InvalidInput

FIELD = "callback_url"
_MOST_CHARACTERS = 2000

Address = ipaddress.IPv4Address | ipaddress.IPv6Address
Resolve = Callable[[str, int], Awaitable[Sequence[str]]]
"""Returns the addresses of a host; raises OSError if it has none."""

_UNICAST = ipaddress.ip_network("2000::/3")
_NAT64 = ipaddress.ip_network("64:ff9b::/96")
# relays, tunnels and reserved ranges that Python 3.11 counts as public
_NOT_PUBLIC = tuple(
    map(
        ipaddress.ip_network,
        ("192.0.0.0/24", "192.88.99.0/24", "2001::/23", "2002::/16", "3fff::/20"),
    )
)
# the last label of a host name is never a number: this is an IPv4 address in another notation
_NUMERIC = re.compile(r"(?:.*\.)?(?:\d+|0[xX][0-9a-fA-F]*)\.?")


class Forbidden(Exception):
    """The webhook may not be sent there; the text gives its owner the reason."""


class Target(msgspec.Struct, frozen=True):
    """Where to connect: one ``address`` of the host in ``url``."""

    url: str
    address: str

    def stream(
        self,
        client: httpx.AsyncClient,
        method: str,
        headers: dict[str, str],
        content: bytes | None = None,
    ) -> AbstractAsyncContextManager[httpx.Response]:
        """Send a request to the checked address, under the host's name for TLS and HTTP. The
        ``client`` must follow no redirects and use no proxy: both would resolve a name again.
        """
        url = httpx.URL(self.url)
        return client.stream(
            method,
            url.copy_with(host=_bracketed(self.address)),
            content=content,
            headers={
                **headers,
                "Host": url.netloc.decode("ascii"),
                "User-Agent": f"jianbao/{__version__}",
            },
            extensions={"sni_hostname": url.raw_host.decode("ascii")},
        )


class Destinations(msgspec.Struct, frozen=True):
    """Which destinations are allowed. ``hosts`` are names; ``*.`` before a name means all of its
    subdomains. If there are any, only they are allowed, whatever their addresses. ``http`` allows
    unencrypted connections.
    """

    hosts: tuple[str, ...] = ()
    http: bool = False

    def check(self, url: str) -> httpx.URL:
        """Check everything that needs no name resolution.

        Raises:
            InvalidInput: a webhook may not be sent there.
        """
        try:
            return self._read(url)
        except Forbidden as error:
            raise InvalidInput(str(error), field=FIELD) from None

    async def resolve(self, url: str, resolve: Resolve) -> Target:
        """Return the address to connect to.

        Raises:
            Forbidden: a webhook may not be sent there.
            OSError: the host has no address.
        """
        read = self._read(url)
        host = _host(read)
        found = await resolve(host, read.port or (443 if read.scheme == "https" else 80))
        if not found:
            raise OSError(f"{host} has no address")
        if not self.hosts and not all(map(is_public, found)):
            raise Forbidden("the host has an address that is not public")
        return Target(url, found[0])

    def _read(self, url: str) -> httpx.URL:
        if len(url) > _MOST_CHARACTERS:
            raise Forbidden(f"has more than {_MOST_CHARACTERS} characters")
        try:
            read = httpx.URL(url)
            host = _host(read)
        except (httpx.InvalidURL, UnicodeError) as error:
            raise Forbidden("is not a URL") from error
        if read.scheme not in ({"https", "http"} if self.http else {"https"}):
            raise Forbidden("must be http or https" if self.http else "must be https")
        if not host or not 0 < (read.port or 1) < 65536:
            raise Forbidden("has no host" if not host else "has a port that is out of range")
        if read.userinfo or "@" in read.netloc.decode("ascii"):
            raise Forbidden("must not contain a user name or a password")
        self._check_host(host)
        return read

    def _check_host(self, host: str) -> None:
        if self.hosts:
            if not any(_matches(host, pattern) for pattern in self.hosts):
                raise Forbidden("the operator does not allow this host")
            return
        address = _address(host)
        if address is None and (_NUMERIC.fullmatch(host) or ":" in host):
            raise Forbidden("the host is an address in a non-standard notation")
        if address is not None and not is_public(host):
            raise Forbidden("the address is not public")


def is_public(text: str) -> bool:
    """Whether an address is public, and does not embed an address that is not."""
    address = _address(text)
    if address is None:
        return False
    if isinstance(address, ipaddress.IPv6Address):
        inner = _embedded(address)
        if inner is not None:
            return is_public(str(inner))
        if address.scope_id or address not in _UNICAST:
            return False
    if any(address.version == one.version and address in one for one in _NOT_PUBLIC):
        return False
    return address.is_global and not address.is_multicast and not address.is_reserved


def _bracketed(address: str) -> str:
    return f"[{address}]" if ipaddress.ip_address(address).version == 6 else address


def _embedded(address: ipaddress.IPv6Address) -> ipaddress.IPv4Address | None:
    """The IPv4 address that is actually reached: a mapped one, or one behind NAT64's prefix."""
    if address in _NAT64:
        return ipaddress.IPv4Address(int(address) & 0xFFFFFFFF)
    return address.ipv4_mapped


def _address(text: str) -> Address | None:
    try:
        return ipaddress.ip_address(text)
    except ValueError:
        return None


def _host(url: httpx.URL) -> str:
    return url.raw_host.decode("ascii").strip("[]").rstrip(".").lower()


def _matches(host: str, pattern: str) -> bool:
    if pattern.startswith("*."):
        return host.endswith(pattern[1:]) and len(host) > len(pattern) - 1
    return host == pattern


async def resolve_host(host: str, port: int) -> Sequence[str]:
    """Resolve with the system's resolver; see :data:`Resolve`."""
    found = await asyncio.get_running_loop().getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return [str(address[0]) for _, _, _, _, address in found]


@functools.cache
def usual_authorities() -> ssl.SSLContext:
    """Return what checks certificates against the usual authorities: one, as it takes 30 ms to read
    them.
    """
    return httpx.create_ssl_context(trust_env=False)
