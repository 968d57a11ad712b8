"""How fast Telegram lets a bot send: overall, to one person, to one group."""

from collections.abc import Iterable
from dataclasses import dataclass, field

# Where so many chats were written to, those that may be written to freely again are let go.
MANY_CHATS = 10_000


@dataclass(frozen=True)
class Rate:
    """One message each `period` seconds, up to `burst` at once after a silence."""

    period: float
    burst: int

    def wait(self, next_free: float, now: float) -> float:
        """Return for how many seconds nothing may be sent; `next_free` is when all before is paid for."""
        return max(0.0, next_free - (self.burst - 1) * self.period - now)


@dataclass
class Pace:
    """Says how long a chat has to wait, and counts what is sent. Times are seconds of any steady clock.

    Telegram's limits are 30 a second overall, about one a second to a person with a small burst, 20 a
    minute to a group. A twentieth is left free, half of the burst overall, and of the burst to a person one
    message, since messages do not arrive as evenly as they leave: on a busy machine some come a second late
    (benchmarks/people.py).
    """

    overall: Rate = Rate(1 / 28, burst=14)
    person: Rate = Rate(1.05, burst=4)
    group: Rate = Rate(3.15, burst=20)
    _total: float = 0.0
    _chats: dict[str, float] = field(default_factory=dict)

    @classmethod
    def unlimited(cls) -> "Pace":
        """Return a pace without limits, for a server that has none."""
        free = Rate(0.0, burst=1)
        return cls(overall=free, person=free, group=free)

    def begin(self, now: float, sent: Iterable[tuple[str, float]] = ()) -> None:
        """Begin from what was `sent` before, to whom and when, the oldest first, and with the burst spent.

        Whoever sent it, in this process or another, may have used the burst; so, too, a process that ends
        soon after its start has only a few messages under way. What is known already is not counted twice.
        """
        total, chats = self._total, self._chats
        self._total, self._chats = 0.0, {}
        for chat, at in sent:
            self.count(chat, at)
        self._total = max(total, self._total, now + (self.overall.burst - 1) * self.overall.period)
        for chat, free in chats.items():
            self._chats[chat] = max(free, self._chats.get(chat, 0.0))

    def wait(self, chat: str, now: float) -> float:
        """Return for how many seconds `chat` may not be written to."""
        own = self._rate(chat).wait(self._chats.get(chat, 0.0), now)
        return max(own, self.overall.wait(self._total, now))

    def count(self, chat: str, now: float) -> None:
        """Count one message to `chat`."""
        self._total = max(self._total, now) + self.overall.period
        self._chats[chat] = max(self._chats.get(chat, 0.0), now) + self._rate(chat).period
        if len(self._chats) > MANY_CHATS:
            self._chats = {chat: free for chat, free in self._chats.items() if free > now}

    def _rate(self, chat: str) -> Rate:
        return self.group if chat.startswith("-") else self.person
