"""Lighthouse over three pages, where somebody has installed it: it needs Node, which Formlos does not."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

PATIENCE_SECONDS = 180
CATEGORIES = ("performance", "accessibility", "best-practices", "seo")
BROWSERS = ("chromium", "chromium-headless-shell", "google-chrome")
FLAGS = "--headless --no-sandbox --disable-gpu"


@dataclass(frozen=True)
class Scores:
    """Of one page, 0 to 100 by category; ``found``: audits below full marks, by category."""

    page: str
    scores: Mapping[str, int]
    found: list[str]


@dataclass(frozen=True)
class Audited:
    """``missing``: why nothing was measured; empty where it was."""

    pages: list[Scores]
    version: str = ""
    missing: str = ""


def audit(*, web: str, pages: Mapping[str, str], cookie: tuple[str, str]) -> Audited:
    """Look at pages (name → path) as a phone does; ``cookie`` (name, value) signs the browser in."""
    program = os.environ.get("LIGHTHOUSE") or shutil.which("lighthouse")
    browser = next(filter(None, map(shutil.which, BROWSERS)), None)
    if not program or not browser:
        lacking = "`lighthouse` (npm install --global lighthouse)" if not program else "a Chromium"
        return Audited([], missing=f"{lacking} is not installed here; Formlos does not depend on it")
    found = []
    for name, path in pages.items():
        report = _report([program], browser, web + path, {"Cookie": "=".join(cookie)} if name != "start" else {})
        if isinstance(report, str):
            return Audited([], missing=f"Lighthouse failed on {name}: {report}")
        found.append(_scores(name, report))
        version = report["lighthouseVersion"]
    return Audited(found, version=version)


def _report(program: list[str], browser: str, address: str, headers: Mapping[str, str]) -> dict | str:  # type: ignore[type-arg]
    """Lighthouse's own report; its last words where it made none."""
    with tempfile.TemporaryDirectory() as folder:
        out = Path(folder) / "report.json"
        command = [*program, address, "--output=json", f"--output-path={out}", "--quiet", f"--chrome-flags={FLAGS}"]
        command += [f"--only-categories={','.join(CATEGORIES)}", f"--extra-headers={json.dumps(dict(headers))}"]
        try:
            done = subprocess.run(
                command,
                env=os.environ | {"CHROME_PATH": browser},
                capture_output=True,
                text=True,
                timeout=PATIENCE_SECONDS,
            )
        except (OSError, subprocess.TimeoutExpired) as error:
            return str(error)[:200]
        if not out.exists():
            return (done.stderr.strip().splitlines() or ["no report"])[-1][:200]
        report: dict = json.loads(out.read_text())  # type: ignore[type-arg]
        return str(report["runtimeError"]["message"])[:200] if report.get("runtimeError") else report


def _scores(name: str, report: Mapping) -> Scores:  # type: ignore[type-arg]
    scores, found = {}, []
    for category in CATEGORIES:
        told = report["categories"][category]
        scores[category] = round(100 * (told["score"] or 0))
        weighty = [one["id"] for one in told["auditRefs"] if one["weight"]]
        low = [key for key in weighty if (report["audits"][key]["score"] or 0) < 0.9 and _counts(report["audits"][key])]
        found += [f"{category}: {key}" for key in low]
    return Scores(name, scores, found)


def _counts(audit: Mapping) -> bool:  # type: ignore[type-arg]
    return audit["scoreDisplayMode"] not in ("notApplicable", "manual", "informative")
