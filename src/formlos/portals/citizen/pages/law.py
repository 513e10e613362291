"""The law of a service as this municipality applies it, for citizens and clerks alike."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from formlos.cases.wording import texts_in, title_in
from formlos.portals.citizen import languages, statute
from formlos.portals.citizen.rules import chapters
from formlos.portals.citizen.services import law_or_404
from formlos.portals.citizen.towns import town_or_404


@require_safe
def page(request: HttpRequest, slug: str, service: str) -> HttpResponse:
    town = town_or_404(slug)
    law = law_or_404(town, service)
    declared = law.document.data
    language = languages.current()
    texts = texts_in(law.document, language)
    context = {
        "town": town,
        "texts_in": language,
        "plain_offered": languages.PLAIN in declared["texts"],
        "title": title_in(law.document, language),
        "service": declared["service"],
        "digest": law.document.digest,
        "chapters": chapters(law, texts),
        "facts": statute.facts(law, texts),
        "doubts": statute.doubts(law, texts),
        "parameters": statute.parameters(law, texts),
    }
    return render(request, "citizen/law.html", context)
