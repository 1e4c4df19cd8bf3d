"""Which addresses on the web may be read: how they are written, and where they lead.

What a URL looks like proves nothing about where it leads, so odd spellings are refused first, and
then every address that the name resolves to is looked at. The rules follow OWASP's "Server-Side
Request Forgery Prevention" and, for addresses that carry others, RFC 4291, 6052, 3056, 4380, 5214.
"""

from __future__ import annotations

import re
import socket
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address

import httpx

from knowledge.errors import SourceError
from knowledge.sources.failures import FetchError

Resolve = Callable[[str, int], Sequence[str]]
"""Name and port -> every address of that name. Raises ``OSError`` if there is none."""

WEB_PORTS = frozenset({80, 443, 8080, 8443})
"""Other ports belong to other services, which a page must not make us talk to."""

_DEFAULT_PORTS = {"http": 80, "https": 443}

_SCHEME = re.compile(r"([a-z][a-z0-9+.-]*):(?!\d{1,5}(?:[/?#]|$))", re.IGNORECASE)
_AUTHORITY = re.compile(r"https?://([^/?#]*)", re.IGNORECASE)
_PLAIN_AUTHORITY = re.compile(r"(?:\[[0-9a-f:.]+\]|[^\s%\\@:\[\]]+)(?::[0-9]{1,5})?", re.IGNORECASE)
_NAME = re.compile(r"[a-z0-9_-]{1,63}(?:\.[a-z0-9_-]{1,63})*")
_NUMBER = re.compile(r"\d+|0x[0-9a-f]*")
_USERINFO = re.compile(r"^((?:[a-z][a-z0-9+.-]*:)?[/\\]+)?[^/]*@", re.IGNORECASE)

_NEVER_PUBLIC = (IPv4Network("192.0.0.0/24"), IPv4Network("192.88.99.0/24"))
"""Set aside for protocols and for 6to4; older Pythons take parts of them for public."""

_UNICAST = IPv6Network("2000::/3")
_NAT64 = IPv6Network("64:ff9b::/96")
_ISATAP = (0x00005EFE, 0x02005EFE)


@dataclass(frozen=True)
class Address:
    """An address on the web, in its one plain spelling.

    Args:
        scheme: ``http`` or ``https``.
        host: a name in ASCII, or an IP address without brackets.
        port: TCP port.
        target: path and query, percent-encoded.
    """

    scheme: str
    host: str
    port: int
    target: str

    @property
    def host_and_port(self) -> str:
        """As it stands in the list of what is allowed; the port is always named."""
        return f"{self._bracketed}:{self.port}"

    @property
    def authority(self) -> str:
        """As it stands in a URL and in the ``Host`` header; the usual port is not named."""
        usual = self.port == _DEFAULT_PORTS[self.scheme]
        return self._bracketed if usual else self.host_and_port

    @property
    def url(self) -> str:
        """The whole address."""
        return f"{self.scheme}://{self.authority}{self.target}"

    @property
    def _bracketed(self) -> str:
        return f"[{self.host}]" if ":" in self.host else self.host


def shown(url: str) -> str:
    """An address as people may see it: without userinfo and query, which can hold secrets."""
    plain, *query = re.split(r"[?#]", url, maxsplit=1)
    plain = _USERINFO.sub(lambda match: match[1] or "", plain)
    printable = "".join(char for char in plain if char.isprintable())[:200]
    return printable + ("?…" if query and "?" in url else "")


def parse(url: str) -> Address:
    """Read an address; without a scheme, ``https`` is meant.

    Raises:
        SourceError: it is none that may be read, or is spelled so that programs may differ about
            where it leads.
    """
    scheme = _SCHEME.match(url)
    if not scheme:
        url = f"https:{url}" if url.startswith("//") else f"https://{url}"
    elif scheme[1].lower() not in _DEFAULT_PORTS:
        raise SourceError(f"{shown(url)}: only http and https addresses are read.")
    authority = _AUTHORITY.match(url)
    if authority and "@" in authority[1]:
        raise SourceError(f"{shown(url)}: an address with a user name in it is not read.")
    if not authority or not _PLAIN_AUTHORITY.fullmatch(authority[1]):
        raise SourceError(f"{shown(url)}: this is not a proper web address.")
    try:
        parsed = httpx.URL(url)
    except (httpx.InvalidURL, ValueError) as error:
        raise SourceError(f"{shown(url)}: this is not a proper web address.") from error
    host = parsed.raw_host.decode("ascii")
    if not _is_literal(host) and not _is_name(host):
        raise SourceError(f"{shown(url)}: {host[:100]!r} is not a proper name of a host.")
    port = _DEFAULT_PORTS[parsed.scheme] if parsed.port is None else parsed.port
    return Address(parsed.scheme, host, port, parsed.raw_path.decode("ascii"))


def _is_literal(host: str) -> bool:
    try:
        ip_address(host)
    except ValueError:
        return False
    return True


def _is_name(host: str) -> bool:
    """Whether a host can only be a name: ``0x7f.1`` and ``2130706433`` are read as numbers."""
    last = host.rsplit(".", 1)[-1]
    return len(host) <= 253 and bool(_NAME.fullmatch(host)) and not _NUMBER.fullmatch(last)


def is_public(text: str) -> bool:
    """Whether an IP address belongs to the public internet.

    An address that carries another one is as public as that (IPv4-mapped, NAT64), or refused
    where nobody needs it any more (IPv4-compatible, 6to4, Teredo, ISATAP).
    """
    try:
        address = ip_address(text)
    except ValueError:
        return False
    if isinstance(address, IPv4Address):
        return _is_public_four(address)
    if address.scope_id is not None:
        return False
    if address.ipv4_mapped or address in _NAT64:
        return is_public(str(IPv4Address(int(address) & 0xFFFFFFFF)))
    return address in _UNICAST and address.is_global and not _is_tunnel(address)


def _is_public_four(address: IPv4Address) -> bool:
    special = address.is_multicast or address.is_reserved
    return address.is_global and not special and not any(address in net for net in _NEVER_PUBLIC)


def _is_tunnel(address: IPv6Address) -> bool:
    isatap = (int(address) >> 32) & 0xFFFFFFFF in _ISATAP
    return bool(address.sixtofour or address.teredo or isatap)


def destinations(address: Address, resolve: Resolve, allowed: Collection[str]) -> Sequence[str]:
    """The IP addresses that may be connected to; the name is resolved once.

    Args:
        address: where to go.
        resolve: asked only for names.
        allowed: hosts with a port that may be anywhere, on any port.

    Raises:
        FetchError: one of them is not public, or the port is none of the web's.
        OSError: the name has no address.
    """
    trusted = address.host_and_port in allowed
    hint = f"EXPLAINER_FETCH_ALLOWED={address.host_and_port} would allow it."
    if not trusted and address.port not in WEB_PORTS:
        raise FetchError(f"port {address.port} is not the web's; {hint}")
    literal = _is_literal(address.host)
    found = (address.host,) if literal else tuple(resolve(address.host, address.port))
    if not found:
        raise OSError("the name has no address")
    if not trusted and not all(is_public(ip) for ip in found):
        raise FetchError(f"{address.host} is not on the public internet; {hint}")
    return found


def system_resolve(host: str, port: int) -> Sequence[str]:
    """Ask the system for every address of a name."""
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return tuple(dict.fromkeys(str(entry[4][0]) for entry in found))
