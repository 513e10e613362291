"""Tells a move as it happens, in German, for people watching a terminal."""

from __future__ import annotations

import re
import time
from collections.abc import Mapping, Sequence
from datetime import date
from typing import TYPE_CHECKING, Any

from rich.console import Console
from rich.panel import Panel
from rich.table import Table
from rich.tree import Tree

from formlos.config.demo.accounts import Journal, Register, Sent, gone, living
from formlos.config.demo.lan import code_of
from formlos.config.demo.move import Step
from formlos.config.demo.told import PERSON

if TYPE_CHECKING:
    from formlos.config.demo.node import Node
    from formlos.config.demo.told import Told

STATES = {
    "open": "Sie sind dran",
    "clerk": "Ein Mensch im Bürgerbüro sieht sich etwas an",
    "waiting": "Wir warten auf die Antwort einer anderen Behörde",
    "decided": "Entschieden; Bestätigung wird gesiegelt",
    "closed": "Fertig",
    "withdrawn": "Zurückgezogen",
    "reversed": "Rückgängig gemacht",
}
AWAITED = {
    "clerk": "Wartet auf einen Menschen im Bürgerbüro; die Fragen stehen oben.",
    "waiting": "Wartet auf den Tag des Einzugs; dann genügt eine Bestätigung.",
    "open": "Wartet auf den Brief mit dem Code. Wer ihn druckt: formlos letters AGS --print ORDNER",
}
FIRST = ("familienname", "vornamen", "geburtsdatum", "strasse", "hausnummer", "ort")
DAY = re.compile(r"\d{4}-\d{2}-\d{2}")
DEEPEST = 2


class Teller:
    """Prints one move. ``quiet`` prints nothing, for machine-readable runs."""

    def __init__(self, *, quiet: bool = False) -> None:
        self.console = Console(quiet=quiet, highlight=False)
        self._known: dict[str, Any] = {}
        self._begun = time.perf_counter()

    def say(self, text: str) -> None:
        self.console.print(text)

    def busy(self, text: str) -> None:
        """A line about set-up, with the seconds since the start."""
        self.console.print(f"[dim]{time.perf_counter() - self._begun:5.1f} s  {text} …[/dim]")

    def ending(self, told: Told, node: Node) -> None:
        sentences = told.case["texts"]["effects"]
        offers = [
            sentences[e["id"]] for e in told.case["effects"] if e["kind"] == "offer.make" and e["id"] in sentences
        ]
        if offers:
            self.console.print("[bold]Angebote und Mitteilungen[/bold]\n" + "\n".join(f"  {one}" for one in offers))
        for one in told.confirmations:
            self.console.print(f"Gesiegelte Bestätigung: {one.path}\n  {one.sentence}", soft_wrap=True)
        if told.status == "completed":
            self.console.print(
                f"\n[bold green]Fertig in {told.seconds:.1f} Sekunden.[/bold green] "
                f"{told.facts_asked} Angaben gefragt, {told.facts_fetched} geholt, {len(told.messages)} Nachrichten; "
                "beide Register stimmen überein, alle Journale und Siegel sind echt."
            )
        elif told.status in AWAITED:
            self.console.print(f"\n[bold yellow]{AWAITED[told.status]}[/bold yellow]")
        else:
            self.console.print(
                f"\n[bold red]Nicht fertig geworden ({told.status}).[/bold red] Protokolle: {node.home}/logs"
            )

    def serving(self, node: Node, case_page: str) -> None:
        """Where to look while the node serves; ``case_page`` signs the person in and shows the case."""
        self.console.print(f"\nDie Seiten: [bold]{node.web}[/bold]  (Dokument prüfen: {node.web}/pruefen/)")
        self.console.print("Der Vorgang, wie ihn die Person sieht (Anmeldung gilt fünf Minuten):")
        self.console.print(f"[dim]{case_page}[/dim]", soft_wrap=True)
        if node.idp:
            self.console.print(f"Als jemand anderes anmelden (simuliert, PIN 123456): {node.web}/anmelden/")
            self.console.print(f"Als Sachbearbeiterin anmelden: {node.web}/dienst/")
        if node.wallet:
            self.console.print(f"Die simulierte Wallet: {node.wallet}  (anmelden damit: {node.web}/anmelden/wallet/)")
        self.console.print("Noch ein Umzug: .venv/bin/formlos move --from München --to Stuttgart --person lukasz")
        self.console.print("Beenden mit Strg-C.")

    def stage(self, node: Node, *, key: str) -> None:
        """Where the page for the beamer is; with a key, which opens its buttons elsewhere, phones can join by a code."""
        self.console.print(f"\nDie Bühne für den Beamer: [bold]{node.web}/vorfuehrung/[/bold]")
        if not key:
            return
        self.console.print("Knöpfe der Bühne an einem anderen Gerät (nur für Vorführende):")
        self.console.print(f"[dim]{node.web}/vorfuehrung/?schluessel={key}[/dim]", soft_wrap=True)
        self.console.print(f"\nHandys im selben Netz: [bold]{node.web}[/bold]")
        self.console.print(code_of(node.web), highlight=False, markup=False, soft_wrap=True)
        self.console.print("[yellow]Unverschlüsselt (http): nur mit den erfundenen Personen benutzen.[/yellow]")

    def headline(self, text: str, subtitle: str) -> None:
        self.console.print(Panel(f"[bold]{text}[/bold]\n{subtitle}", expand=False))

    def step(self, step: Step) -> None:
        """Watch one step of the move: what became known from whom, what is asked, where it stands."""
        if step.kind == "answered":
            self.console.print("[bold]Gefragt und beantwortet[/bold]")
            for path, value in step.answers.items():
                said = step.case["texts"]["values"].get(path.rpartition("/")[2], {}).get(str(value)) or _plain(value)
                self.console.print(f"  {_label(step.case, path)}: [cyan]{said}[/cyan]")
                if path in step.warnings:
                    self.console.print(f"    [dim]{step.warnings[path]}[/dim]")
        if step.kind == "sent":
            self.console.print("[bold]Durchgesehen und abgesendet[/bold]")
        self._newly_known(step)
        if step.kind != "ended":
            state = _standing(step.case)
            self.console.print(f"  → {state} [dim]({step.seconds * 1000:.0f} ms)[/dim]\n")

    def _newly_known(self, step: Step) -> None:
        """Facts that came from registers and authorities since the last step, by supplier."""
        found: dict[tuple[str, str], list[Mapping[str, Any]]] = {}
        for known in step.case["known"]:
            if known["path"] not in self._known and not known["source"].startswith(PERSON):
                found.setdefault((known["supplier"], known["basis"]), []).append(known)
            self._known[known["path"]] = known
        for (supplier, basis), facts in found.items():
            whose = [known for known in sorted(facts, key=_who_first) if _who_first(known)[0] < len(FIRST)]
            labels = list(dict.fromkeys(known["label"] for known in whose or facts))
            listed = ", ".join(labels[:6]) + (" …" if len(labels) > 6 or whose else "")
            count = "1 Angabe" if len(facts) == 1 else f"{len(facts)} Angaben"
            self.console.print(f"[green]{count} von {supplier}[/green] [dim]({basis})[/dim]\n  {listed}")

    def evidence(self, told: Told) -> None:
        """Messages, registers and journals after the move."""
        self.messages(told.messages)
        self.registers("Melderegister nachher", told.registers)
        self.journals(told.journals)

    def registers(self, title: str, registers: Mapping[str, Register]) -> None:
        table = Table(title=title, title_justify="left", show_header=True, header_style="bold")
        table.add_column("Melderegister")
        table.add_column("Person")
        table.add_column("Stand")
        for town, register in registers.items():
            for name, address in living(register).items():
                table.add_row(town, name, address)
            for name, address in gone(register).items():
                table.add_row(town, name, f"[dim]weggezogen nach {address}[/dim]")
            if not register:
                table.add_row(town, "[dim]–[/dim]", "[dim]nicht bekannt[/dim]")
        self.console.print(table)

    def decision(self, decision: Mapping[str, Any]) -> None:
        """The reasons of the law, as deep as they fit a screen."""
        for reason in decision["reasons"]:
            tree = Tree(_reason(reason))
            self._reasons(tree, reason, 1)
            self.console.print(Panel(tree, title="Entscheidung und Gründe", title_align="left", expand=False))

    def _reasons(self, tree: Tree, reason: Mapping[str, Any], depth: int) -> None:
        for part in reason["parts"]:
            if part["norm"]:
                branch = tree.add(_reason(part))
                if depth < DEEPEST:
                    self._reasons(branch, part, depth + 1)

    def clerk_questions(self, questions: Sequence[Any]) -> None:
        """What a clerk is asked, and the command that answers."""
        for asked in questions:
            self.console.print(f"[yellow]{asked.question}[/yellow]\n  {asked.why}")
            self.console.print(
                f'  FORMLOS_HOME=var/demo .venv/bin/formlos answer {asked.reference} {asked.path} … --reason "…"',
                soft_wrap=True,
            )

    def messages(self, sent: Sequence[Sent]) -> None:
        table = Table("Nachricht", "von", "an", "Rechtsgrundlage", "Stand", title="Nachrichten", title_justify="left")
        states = {"delivered": "zugestellt, quittiert", "waiting": "wartet", "dead": "unzustellbar"}
        for message in sent:
            title = f"{message.kind.removeprefix('xmeld:')} {message.title}"
            table.add_row(
                title, message.sender, message.receiver, message.norm, states.get(message.state, message.state)
            )
        self.console.print(table)

    def journals(self, journals: Sequence[Journal]) -> None:
        table = Table("Stadt", "Vorgang", "Leistung", "Einträge", "Kette", title="Journale", title_justify="left")
        for journal in journals:
            chain = "[green]unversehrt[/green]" if journal.intact else "[red]gebrochen[/red]"
            table.add_row(journal.town, journal.reference, journal.service, str(journal.entries), chain)
        self.console.print(table)


def _who_first(known: Mapping[str, Any]) -> tuple[int, str]:
    """Who and where before all else."""
    field = known["path"].rpartition("/")[2]
    return FIRST.index(field) if field in FIRST else len(FIRST), known["path"]


def _standing(case: Mapping[str, Any]) -> str:
    if case["state"] == "waiting" and not case["waiting"] and case["wake_at"]:
        return f"Wir warten auf den Tag: {_plain(case['wake_at'][:10])}"
    return STATES[case["state"]]


def _reason(reason: Mapping[str, Any]) -> str:
    said = " ".join(
        part for part in (reason["text"], f"[cyan]{reason['value']}[/cyan]" if reason["value"] else "") if part
    )
    return f"{said} [dim]{reason['norm']}[/dim]"


def _label(case: Mapping[str, Any], path: str) -> str:
    """The fact's label; for one person's field, with the person's first names."""
    parts = path.split("/")
    declared = "/".join(part for part in (parts[0], parts[-1] if len(parts) > 1 else "") if part)
    label = case["texts"]["facts"].get(declared, {}).get("label", path)
    first = next((known["value"] for known in case["known"] if known["path"] == f"{'/'.join(parts[:2])}/vornamen"), "")
    return f"{label} ({first})" if first and len(parts) == 3 else str(label)


def _plain(value: Any) -> str:
    if isinstance(value, bool):
        return "ja" if value else "nein"
    if isinstance(value, str) and DAY.fullmatch(value):
        return f"{date.fromisoformat(value):%d.%m.%Y}"
    if isinstance(value, Mapping) and "strasse" in value:
        street, town = f"{value['strasse']} {value['hausnummer']}", f"{value['postleitzahl']} {value['ort']}"
        return ", ".join(filter(None, (value.get("zusatz"), street, town)))
    if isinstance(value, Mapping):
        if value == {"none": True}:
            return "–"
        if set(value) == {"keys", "complete"}:
            return f"{len(value['keys'])}"
        return ", ".join(str(part) for name, part in value.items() if part and name != "ags")
    return str(value)
