"""Values and moments as people read them, in the language of the page."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from django.utils.formats import date_format, number_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from formlos.law.types import Type

NONE = {"none": True}
Texts = Mapping[str, Any]


def declared(path: str) -> str:
    """The name a path is declared under: ``personen/p1/zieht_mit`` is ``personen/zieht_mit``."""
    parts = path.split("/")
    return f"{parts[0]}/{parts[-1]}" if len(parts) > 1 else path


def label_of(path: str, texts: Texts) -> str:
    """The service's label for a fact or rule; its own name, made readable, where the service has none."""
    name = declared(path)
    found = texts.get("facts", {}).get(name, {}).get("label") or texts.get("labels", {}).get(name)
    return found or path.rpartition("/")[2].replace("_", " ").capitalize()


def value_in_words(value: Any, kind: Type | None, options: Mapping[str, str]) -> str:
    """A value in JSON form. ``options`` are the service's words for single values."""
    if value == NONE or value in (None, ""):
        return _("keine Angabe")
    key = str(value).lower() if isinstance(value, bool) else str(value)
    if key in options:
        return options[key]
    if isinstance(value, bool):
        return _("Ja") if value else _("Nein")
    if isinstance(value, Mapping) and "keys" in value:
        return _list_in_words(value, kind, options)
    return _scalar_in_words(value, kind.kind if kind else "text")


def _list_in_words(value: Mapping[str, Any], kind: Type | None, options: Mapping[str, str]) -> str:
    keys = value["keys"]
    if kind and kind.is_record_list:
        return ngettext("%(count)d Eintrag", "%(count)d Einträge", len(keys)) % {"count": len(keys)}
    return ", ".join(options.get(key, key) for key in keys) or _("nichts davon")


def _scalar_in_words(value: Any, kind: str) -> str:
    if kind == "date":
        return day_in_words(date.fromisoformat(value))
    if kind == "days":
        return ngettext("%(count)d Tag", "%(count)d Tage", int(value)) % {"count": int(value)}
    if kind == "decimal":
        return number_format(Decimal(value))
    return str(value)


def day_in_words(day: date) -> str:
    return date_format(day, "DATE_FORMAT")


def moment_in_words(moment: datetime, *, now: datetime) -> str:
    """``heute 14:02``, ``gestern 14:02`` or ``1. März 2026, 14:02``, in German time."""
    local, today = localtime(moment), localtime(now).date()
    time = date_format(local, "H:i")
    if local.date() == today:
        return _("heute %(time)s") % {"time": time}
    if local.date() == today - timedelta(days=1):
        return _("gestern %(time)s") % {"time": time}
    return f"{day_in_words(local.date())}, {time}"


def address_in_words(fields: Mapping[str, Any]) -> str:
    """The fields of an address, in JSON form, as one line."""
    said = {name: value for name, value in fields.items() if value not in (NONE, None, "")}
    street = " ".join(filter(None, (said.get("strasse"), said.get("hausnummer"))))
    town = " ".join(filter(None, (said.get("postleitzahl"), said.get("ort"))))
    return ", ".join(filter(None, (said.get("zusatz"), street, town)))
