"""Reads the word lists beside this module."""

from __future__ import annotations

from functools import cache
from importlib.resources import files
from typing import Any

import yaml


@cache
def word_lists(name: str) -> dict[str, Any]:
    """The lists of ``data/<name>.yaml``."""
    content = files("formlos.registers.population").joinpath(f"data/{name}.yaml").read_text(encoding="utf-8")
    lists: dict[str, Any] = yaml.safe_load(content)
    return lists


def words(text: str) -> list[str]:
    """Blank-separated words; an underscore stands for a blank inside a word."""
    return [word.replace("_", " ") for word in text.split()]
