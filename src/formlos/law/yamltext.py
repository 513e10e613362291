"""YAML in which every scalar is text: nothing is guessed, duplicate keys are refused."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import yaml

from formlos.law.errors import LawError


class _Loader(getattr(yaml, "CSafeLoader", yaml.SafeLoader)):  # type: ignore[misc]  # in C it is ten times as fast
    """Resolves no scalar to anything but text."""


_Loader.yaml_implicit_resolvers = {}


def _mapping(loader: _Loader, node: yaml.MappingNode) -> dict[str, Any]:
    result: dict[str, Any] = {}
    for key_node, value_node in node.value:
        key = loader.construct_object(key_node, deep=True)
        line = key_node.start_mark.line + 1
        if not isinstance(key, str):
            raise LawError("yaml", "a key must be a word", file=str(node.start_mark.name), line=line)
        if key in result:
            raise LawError("duplicate_key", f"{key!r} twice", file=str(node.start_mark.name), line=line)
        result[key] = loader.construct_object(value_node, deep=True)
    return result


_Loader.add_constructor("tag:yaml.org,2002:map", _mapping)


def read_yaml(path: Path) -> Any:
    """Return a YAML file as dicts, lists and text. Raises LawError (`yaml`, `duplicate_key`)."""
    with path.open(encoding="utf-8") as stream:
        try:
            return yaml.load(stream, Loader=_Loader) or {}  # noqa: S506 (a SafeLoader)
        except yaml.MarkedYAMLError as error:
            line = error.problem_mark.line + 1 if error.problem_mark else 0
            raise LawError("yaml", str(error.problem), file=str(path), line=line) from error


def read_mapping(path: Path) -> dict[str, Any]:
    """Return a YAML file that must be a mapping; an absent file is an empty one."""
    data = read_yaml(path) if path.exists() else {}
    if not isinstance(data, dict):
        raise LawError("yaml", "expected a mapping", file=str(path), line=1)
    return data
