"""A picture of a service's law that a clerk can read: goals on top, norms quoted, facts by who supplies them."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Iterable
from dataclasses import dataclass
from html import escape
from typing import Any

from formlos.law.checks import referenced, rule_name
from formlos.law.document import Document
from formlos.law.errors import LawError

# Kind of source (its beginning): label and colour. Colour never stands alone, the label is always beside it.
SUPPLIERS: tuple[tuple[str, str, str], ...] = (
    ("identity", "Ausweis", "#d7e8fa"),
    ("register", "Eigenes Register", "#d9f0dd"),
    ("message", "Andere Behörde", "#e6dcf5"),
    ("exchange", "Behördenverzeichnis", "#e6dcf5"),
    ("applicant", "Bürgerin oder Bürger", "#fff1c9"),
    ("clerk", "Sachbearbeitung", "#fbdcd2"),
    ("letter", "Brief", "#efe3d3"),
    ("clock", "Kalender", "#ececec"),
    ("case", "Verfahren", "#ececec"),
    ("trigger", "Eingegangene Nachricht", "#e6dcf5"),
)
KINDS = {"goal": "Ergebnis", "rule": "Regel", "fact": "Angabe", "param": "Gesetzter Wert"}
COLOURS = {"goal": "#16406b", "rule": "#ffffff", "param": "#f4f4f4"}


@dataclass(frozen=True)
class Box:
    """One thing in the picture: its title, its norm and what else is to be read in it."""

    name: str
    kind: str
    title: str
    norm: str
    lines: tuple[str, ...]
    colour: str
    below: tuple[str, ...]


def boxes(document: Document) -> dict[str, Box]:
    """Return everything in the picture by name: rules with what they read, facts with who supplies them."""
    found: dict[str, Box] = {}
    for rule in document.rules:
        name = rule_name(rule)
        read = sorted(_place(document, one) for one in referenced(document, rule))
        earlier = found.get(name)
        below = tuple(dict.fromkeys([*(earlier.below if earlier else ()), *read]))
        found[name] = _rule_box(document, rule, name, earlier, below)
    for name in document.data["params"]:
        found[name] = _param_box(document, name)
    for path in document.fact_types:
        found[path] = _fact_box(document, path)
    return found


def _place(document: Document, name: str) -> str:
    """Return the box that a rule's reference means: a record's field is the fact or list that supplies it."""
    record, dot, field = name.partition(".")
    if not dot or any(rule_name(rule) == name for rule in document.rules):
        return name.partition("/")[0] if name not in document.fact_types else name
    for path, kind in document.fact_types.items():
        held = kind.item.name if kind.item else kind.name
        if held and (held == record or record in document.lineage(held)):
            own = f"{path}/{field}"
            return own if own in document.fact_types else path
    return name


def _rule_box(document: Document, rule: dict[str, Any], name: str, earlier: Box | None, below: tuple[str, ...]) -> Box:
    kind = "goal" if name in document.goals else "rule"
    text = document.text("de", "rules", rule["name"])
    period = _period(rule["since"], rule["until"])
    lines = [*(earlier.lines if earlier else ()), *([text.replace("{value}", "…")] if isinstance(text, str) else [])]
    lines += [f"für jede Angabe in „{rule['record']}“"] if rule["record"] else []
    norm = f"{rule['source']}{f' ({period})' if period else ''}"
    norms = f"{earlier.norm}; {norm}" if earlier else norm
    return Box(name, kind, _label_of(document, rule["name"]), norms, tuple(dict.fromkeys(lines)), COLOURS[kind], below)


def _param_box(document: Document, name: str) -> Box:
    entry = document.data["params"][name]
    lines = [f"{_shown(one['value'])} {_period(one['since'], one['until'])}".strip() for one in entry["values"]]
    lines += [f"Kalender „{entry['calendar']}“ je Land"] if "calendar" in entry else []
    lines += ["örtlich festzulegen"] if "local" in entry else []
    norm = "; ".join(dict.fromkeys(str(one.get("source", "")) for one in entry["values"]))
    return Box(name, "param", _label_of(document, name), norm, tuple(lines), COLOURS["param"], ())


def _fact_box(document: Document, path: str) -> Box:
    entry = document.data["facts"][path]
    text = document.text("de", "facts", path)
    title = text["label"] if isinstance(text, dict) and text.get("label") else _title(path)
    suppliers = [_supplier(document.data["sources"][name]["kind"]) for name in document.sources_of(path)]
    labels = ", dann ".join(dict.fromkeys(label for label, _ in suppliers)) or "niemand"
    colour = suppliers[0][1] if suppliers else "#ffffff"
    return Box(path, "fact", str(title), str(entry.get("basis", "")), (f"von: {labels}",), colour, ())


def _supplier(kind: str) -> tuple[str, str]:
    return next(((label, colour) for start, label, colour in SUPPLIERS if kind.startswith(start)), (kind, "#ffffff"))


def _label_of(document: Document, name: str) -> str:
    label = document.text("de", "labels", name)
    return label if isinstance(label, str) else _title(name)


def _title(name: str) -> str:
    words = name.replace("/", ": ").replace("_", " ")
    return words[:1].upper() + words[1:]


def _shown(value: Any) -> str:
    return ", ".join(f"{key}: {item}" for key, item in value.items()) if isinstance(value, dict) else str(value)


def _period(since: str | None, until: str | None) -> str:
    parts = [f"ab {_day(since)}"] if since else []
    return " ".join([*parts, *([f"bis {_day(until)}"] if until else [])])


def _day(text: str) -> str:
    year, month, day = text.split("-")
    return f"{int(day)}.{int(month)}.{year}"


def _shown_boxes(document: Document) -> dict[str, Box]:
    """Return the boxes that goals, effects or other rules lead to, and all rules."""
    every = boxes(document)
    read = {name for box in every.values() for name in box.below}
    return {name: box for name, box in every.items() if box.kind in ("goal", "rule") or name in read}


def graph_dot(document: Document) -> str:
    """Return the picture in Graphviz's language."""
    shown = _shown_boxes(document)
    lines = [
        f"digraph {_quoted(document.name)} {{",
        "  rankdir=TB; splines=spline; nodesep=0.3; ranksep=0.7; bgcolor=white;",
        f"  label={_quoted(document.data['service']['title'])}; labelloc=t; fontname=Helvetica; fontsize=20;",
        '  node [shape=box, style="filled,rounded", fontname=Helvetica, fontsize=11, color="#5a6b7b", margin="0.15,0.1"];',
        '  edge [color="#5a6b7b", arrowsize=0.6, dir=back];',
    ]
    for box in shown.values():
        font = ', fontcolor="white"' if box.kind == "goal" else ""
        lines.append(f"  {_quoted(box.name)} [label={_label(box)}, fillcolor={_quoted(box.colour)}{font}];")
        lines += [f"  {_quoted(box.name)} -> {_quoted(name)};" for name in box.below if name in shown]
    goals = " ".join(_quoted(goal) for goal in document.goals if goal in shown)
    return "\n".join([*lines, f"  {{ rank=source; {goals} }}", "}", ""])


def _quoted(text: str) -> str:
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", " ") + '"'


def _label(box: Box) -> str:
    rows = [f"<b>{escape(box.title)}</b>", f'<font point-size="9">{KINDS[box.kind]}</font>']
    rows += [f"<i>{escape(line)}</i>" for line in _wrapped(box.norm)]
    rows += [escape(part) for line in box.lines for part in _wrapped(line)]
    return "<" + "<br/>".join(rows) + ">"


def _wrapped(text: str, width: int = 44) -> Iterable[str]:
    line = ""
    for word in text.split():
        if line and len(line) + len(word) >= width:
            yield line
            line = ""
        line = f"{line} {word}".strip()
    if line:
        yield line


def graph_svg(document: Document) -> str:
    """Return the picture as SVG. Raises LawError (`no_dot`) where Graphviz is not installed."""
    dot = shutil.which("dot")
    if dot is None:
        raise LawError("no_dot", "Graphviz (`dot`) is not installed; graph_html needs none")
    done = subprocess.run([dot, "-Tsvg"], input=graph_dot(document), capture_output=True, text=True, check=True)  # noqa: S603
    return done.stdout


def graph_html(document: Document) -> str:
    """Return the picture as one page of nested lists: no script, and readable without colours."""
    shown = _shown_boxes(document)
    written: set[str] = set()
    body = [_nested(name, shown, written) for name in document.goals if name in shown]
    rest = [name for name, box in shown.items() if box.kind == "rule" and name not in written]
    extra = "".join(_nested(name, shown, written) for name in rest if name not in written)
    title = escape(str(document.data["service"]["title"]))
    more = f"<h2>Außerdem festgestellt</h2><ul>{extra}</ul>" if extra else ""
    return _PAGE.format(title=title, legend=_legend(), body=f"<ul>{''.join(body)}</ul>", more=more)


def _nested(name: str, shown: dict[str, Box], written: set[str]) -> str:
    box = shown[name]
    head = (
        f'<span class="kind">{KINDS[box.kind]}</span> <strong>{escape(box.title)}</strong>'
        f" <cite>{escape(box.norm)}</cite>"
    )
    lines = "".join(f"<p>{escape(line)}</p>" for line in box.lines)
    style = f' style="background:{box.colour}"' if box.kind in ("fact", "param") else ""
    anchor = escape(name, quote=True)
    if name in written:
        return f'<li><a href="#{anchor}">{escape(box.title)}</a> (siehe oben)</li>'
    written.add(name)
    below = "".join(_nested(one, shown, written) for one in box.below if one in shown)
    if not below:
        return f'<li id="{anchor}" class="{box.kind}"{style}>{head}{lines}</li>'
    opened = " open" if box.kind == "goal" else ""
    return (
        f'<li id="{anchor}" class="{box.kind}"><details{opened}><summary>{head}</summary>'
        f"{lines}<ul>{below}</ul></details></li>"
    )


def _legend() -> str:
    seen = dict.fromkeys((label, colour) for _, label, colour in SUPPLIERS)
    return "".join(f'<span style="background:{colour}">{label}</span> ' for label, colour in seen)


_PAGE = """<!doctype html>
<html lang="de"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>{title}</title>
<style>
body {{ font: 1rem/1.5 sans-serif; margin: 1.5rem; max-width: 70rem; color: #1c2730; }}
ul {{ list-style: none; padding-left: 1.2rem; border-left: 2px solid #d0d7dd; }}
li {{ margin: .4rem 0; padding: .2rem .5rem; }}
p {{ margin: .2rem 0; }}
cite {{ color: #4a5964; }}
.kind {{ font-size: .8rem; color: #4a5964; }}
.legend span {{ padding: .1rem .5rem; border: 1px solid #d0d7dd; }}
</style></head><body>
<h1>{title}</h1>
<p class="legend">Wer die Angaben liefert: {legend}</p>
{body}
{more}
</body></html>
"""
