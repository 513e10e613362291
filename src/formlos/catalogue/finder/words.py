"""Small closed word classes of German and English, from ``words.yaml``."""

from __future__ import annotations

from pathlib import Path

from formlos.law.yamltext import read_mapping

_CLASSES = {name: frozenset(text.split()) for name, text in read_mapping(Path(__file__).with_suffix(".yaml")).items()}

GERMAN, ENGLISH = _CLASSES["german"], _CLASSES["english"]
NEGATIONS, STILL = _CLASSES["negations"], _CLASSES["still"]
DENIALS = NEGATIONS | {"nimmer"}
PREFIXES, SEPARABLE = _CLASSES["prefixes"], tuple(_CLASSES["separable"])
PAST, FUTURE = _CLASSES["past"], _CLASSES["future"]
