import pytest
from pathlib import Path
from formlos.portals.citizen.tests.musterstadt import SLUG
from formlos.portals.citizen.tests.serving import browsing, serving


@pytest.mark.parametrize(("w", "h", "n"), [(1280, 800, "d"), (360, 740, "p")])
def test_shots(decided, assertion, town, w, h, n):
    from formlos.base import daily
    from formlos.base.tenancy import within, Municipality
    from datetime import date
    from formlos.notices import operations as notices
    from formlos.base import clock
    from formlos.portals.citizen.tests.musterstadt import NOTICE
    from formlos.catalogue.operations import adopt, publish
    from django.conf import settings
    from formlos.notices import queries

    with within(town):
        for d in (1, 2, 3):
            daily.seal_day(day=date(2026, 3, d))
        i = notices.issue(
            case_id=decided,
            effect_id="e1",
            layout="meldebestaetigung",
            arguments=NOTICE,
            at=clock.now(),
            written_on=date(2026, 3, 4),
        )
        pdf = queries.pdf_of(i.id, case_id=decided)
    s = Municipality.objects.create(
        ags="08111001", name="Stuttgart", land="BW", slug="stuttgart", settings={"demo": True}
    )
    with within(s):
        try:
            adopt(document=publish(folder=settings.SERVICES_FOLDER / "umzug"))
            law = "/stuttgart/recht/umzug/"
        except Exception as e:
            print("umzug", e)
            law = f"/{SLUG}/recht/baumpatenschaft/"
    out = Path("/tmp/web/shots")
    out.mkdir(exist_ok=True)
    with serving() as site, browsing(width=w, height=h) as page:

        def shot(name):
            page.screenshot(path=out / f"{n}-{name}.png", full_page=True)

        for a, name in (
            ("/", "start"),
            ("/pruefen/", "pruefen"),
            (f"/{SLUG}/", "town"),
            (f"/{SLUG}/journal/", "journal"),
            (f"/{SLUG}/recht/baumpatenschaft/", "law"),
            (law, "umzug"),
            ("/nix/", "404"),
            ("/anmelden/demo/", "signin0"),
        ):
            page.goto(site + a)
            shot(name)
        page.goto(f"{site}/pruefen/")
        for nm, buf in (("echt", pdf), ("unecht", pdf[:3000] + b"x" + pdf[3001:]), ("foto", b"foto")):
            page.locator("input[type=file]").set_input_files(
                {"name": "meldebestaetigung.pdf", "mimeType": "application/pdf", "buffer": buf}
            )
            page.get_by_role("button", name="Prüfen", exact=True).click()
            shot(nm)
        page.goto(f"{site}/anmelden/demo/?nachweis={assertion}&weiter=/{SLUG}/vorgang/{decided}/")
        shot("signin")
        page.get_by_role("button", name="Ausweisen").click()
        shot("case")
        while page.locator("details:not([open])").count():
            page.locator("details:not([open]) > summary").first.click()
        shot("case-open")
