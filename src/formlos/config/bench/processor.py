"""Processor time of whole process trees, read from ``/proc`` (Linux)."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

TICKS = os.sysconf("SC_CLK_TCK")
PARENT, OWN_AND_REAPED = 1, slice(11, 15)  # fields of /proc/PID/stat after the name: ppid; utime stime cutime cstime
IDLE, WAITING_FOR_DISK = 3, 4  # fields of the first line of /proc/stat


def seconds_of(roots: Mapping[str, Iterable[int]]) -> dict[str, float]:
    """Processor seconds (user and system) that each group of process trees has used so far, ended children included."""
    stats = dict(_stats())
    children: dict[int, list[int]] = {}
    for pid, fields in stats.items():
        children.setdefault(fields[PARENT], []).append(pid)
    return {name: sum(_ticks(pid, stats, children) for pid in pids) / TICKS for name, pids in roots.items()}


def difference(before: Mapping[str, float], after: Mapping[str, float]) -> dict[str, float]:
    """What each group used in between."""
    return {name: after[name] - before[name] for name in after}


def machine() -> tuple[float, float]:
    """Busy and total processor seconds of the machine since it started, over all cores."""
    fields = [float(field) / TICKS for field in Path("/proc/stat").read_text().split("\n", 1)[0].split()[1:9]]
    return sum(fields) - fields[IDLE] - fields[WAITING_FOR_DISK], sum(fields)


def children_of(parent: int) -> Iterator[tuple[int, list[str]]]:
    """Process number and command line of the processes that ``parent`` started."""
    for pid, fields in _stats():
        if fields[PARENT] == parent:
            command = (Path("/proc") / str(pid) / "cmdline").read_text().rstrip("\0").split("\0")
            yield pid, command


def model() -> str:
    """What the machine calls its processor."""
    lines = Path("/proc/cpuinfo").read_text().splitlines()
    return next((line.partition(":")[2].strip() for line in lines if line.startswith("model name")), "unknown")


def memory_gib() -> float:
    return os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 1024**3


def _ticks(pid: int, stats: Mapping[int, list[int]], children: Mapping[int, list[int]]) -> int:
    if pid not in stats:
        return 0
    return sum(stats[pid][OWN_AND_REAPED]) + sum(_ticks(child, stats, children) for child in children.get(pid, ()))


def _stats() -> Iterator[tuple[int, list[int]]]:
    for folder in Path("/proc").iterdir():
        if not folder.name.isdigit():
            continue
        try:
            text = (folder / "stat").read_text()
        except OSError:  # ended in the meantime
            continue
        fields = text.rpartition(")")[2].split()
        yield int(folder.name), [0, *(int(field) for field in fields[1:])]
