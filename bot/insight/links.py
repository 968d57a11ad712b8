"""What is known of the addresses of resources: which open, which do not, which are to be tried again.

One failed check may be an accident. After two in a row, on two days, a resource steps back in the
answers until its address opens again; nothing in the knowledge is changed for that.
"""

import datetime
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from bot.advice.knowledge import Resource

DEAD_AFTER = 2
EVERY = datetime.timedelta(days=7)
AGAIN = datetime.timedelta(days=1)
"""When an address that failed is tried again, to tell an accident from an end."""


@dataclass(frozen=True)
class Tried:
    """One check: `opens` None is not known, as where a site turns programs away."""

    url: str
    opens: bool | None
    status: int | None = None
    note: str | None = None


@dataclass(frozen=True, kw_only=True)
class Link:
    """The state of one address; `fails` in a row."""

    url: str
    checked_at: datetime.datetime
    fails: int = 0
    failing_since: datetime.datetime | None = None
    status: int | None = None
    note: str | None = None

    @property
    def dead(self) -> bool:
        """Whether it failed so often that its resources step back."""
        return self.fails >= DEAD_AFTER


def after(before: Link | None, tried: Tried, at: datetime.datetime) -> Link:
    """Return the state of an address after a check."""
    fails, since = (before.fails, before.failing_since) if before else (0, None)
    if tried.opens:
        fails, since = 0, None
    elif tried.opens is False and (since is None or at - since >= AGAIN / 2):
        fails, since = fails + 1, since or at
    return Link(
        url=tried.url, checked_at=at, fails=fails, failing_since=since, status=tried.status, note=tried.note
    )


def due(resources: Iterable[Resource], links: Mapping[str, Link], now: datetime.datetime) -> list[str]:
    """Return the addresses of published resources that are to be checked, those never tried first."""
    addresses = dict.fromkeys(item.url for item in resources if item.shown_on(now.date()))

    def wait(url: str) -> datetime.timedelta:
        return AGAIN if links[url].fails else EVERY

    wanted = [url for url in addresses if url not in links or now - links[url].checked_at >= wait(url)]
    long_ago = datetime.datetime.min.replace(tzinfo=datetime.UTC)
    return sorted(wanted, key=lambda url: (links[url].checked_at if url in links else long_ago, url))


def demoted(resources: Iterable[Resource], links: Iterable[Link]) -> frozenset[str]:
    """Return the ids of the resources whose address is dead."""
    dead = {link.url for link in links if link.dead}
    return frozenset(item.id for item in resources if item.url in dead)


def newly_dead(before: Mapping[str, Link], links: Iterable[Link]) -> list[Link]:
    """Return the addresses that are dead now and were not before: what staff are told."""
    return [link for link in links if link.dead and not (link.url in before and before[link.url].dead)]
