"""Processor time of whole process trees, read from ``/proc`` (Linux)."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

TICKS = os.sysconf("SC_CLK_TCK")
PARENT, OWN_AND_REAPED = 1, slice(11, 15)  # fields of /proc/PID/stat after the name: ppid; utime stime cutime cstime


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


def busy_share(before: tuple[float, float], after: tuple[float, float]) -> float:
    """Share of all cores that was busy between two ``machine`` readings, 0 to 1."""
    return (after[0] - before[0]) / max(0.001, after[1] - before[1])


def machine() -> tuple[float, float]:
    """Busy and total processor ticks of the machine since it started."""
    fields = [float(field) for field in Path("/proc/stat").read_text().split("\n", 1)[0].split()[1:9]]
    idle = fields[3] + fields[4]
    return sum(fields) - idle, sum(fields)


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
