"""A broadcast beside conversations, in simulated time. Ten thousand: `python benchmarks/pace.py`."""

import statistics
from collections import Counter

import pytest
from broadcast import GROUP, Outcome, Sky, broadcast

TO_ALL, ANSWERS = 1_500, 100


@pytest.fixture
async def outcome(monkeypatch: pytest.MonkeyPatch) -> Outcome:
    monkeypatch.setenv("PTB_TIMEDELTA", "true")
    return await broadcast(TO_ALL, answers=ANSWERS)


async def test_broadcast_yields_to_conversations(outcome: Outcome) -> None:
    """While many are written to, who writes is answered within two seconds, and no limit is broken."""
    assert len(outcome.waits) == ANSWERS
    assert statistics.quantiles(outcome.waits, n=20)[-1] < 2.0
    assert outcome.news == Counter(str(number + 1) for number in range(TO_ALL))
    kept_within(outcome.sky)


def kept_within(sky: Sky) -> None:
    """Telegram's limits are kept, and a chat that said 429 is left alone as long as it asked."""
    overall = Counter(int(at) for at, _, _ in sky.sent)
    assert all(number <= 30 for second, number in overall.items() if second >= 2)
    cards = [at for at, chat, _ in sky.sent if chat == GROUP]
    assert len(cards) == 15
    assert cards == sorted(cards)
    at = {(chat, text): at for at, chat, text in sky.sent if chat in ("7", "8")}
    assert at["7", "news"] - at["7", "429"] >= 60
    assert at["8", "news"] - at["8", "429"] >= 5
