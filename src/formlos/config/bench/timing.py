"""How often something can be done in a second, as a median of rounds."""

from __future__ import annotations

import time
from collections.abc import Callable
from statistics import median
from typing import Any

ROUNDS = 5


def rate(action: Callable[[], Any], *, seconds: float = 0.5, rounds: int = ROUNDS) -> float:
    """Calls per second of one thread: the median of ``rounds``, each at least ``seconds`` long after a warm-up."""
    action()
    return median(_round(action, seconds) for _ in range(rounds))


def milliseconds(action: Callable[[], Any], *, calls: int = 20, rounds: int = ROUNDS) -> float:
    """Processor milliseconds of one call in this process: the median of ``rounds`` of ``calls`` each."""
    action()
    return median(_processor_time(action, calls) for _ in range(rounds)) * 1000


def _round(action: Callable[[], Any], seconds: float) -> float:
    calls, begun = 0, time.perf_counter()
    while (passed := time.perf_counter() - begun) < seconds:
        action()
        calls += 1
    return calls / passed


def _processor_time(action: Callable[[], Any], calls: int) -> float:
    begun = time.process_time()
    for _ in range(calls):
        action()
    return (time.process_time() - begun) / calls
