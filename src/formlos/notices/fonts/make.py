"""Makes Formlos Sans from Noto Sans: only what German public authorities must be able to write, in one glyph each.

    python make.py latin_list_1.3.txt NotoSans_400Regular.ttf FormlosSans-Regular.ttf

Keeps the characters of DIN 91379 (first argument: the list of String-Latin/DIN-91379-Characters-and-Sequences)
and typographic punctuation. Every sequence of letter and combining marks becomes one glyph, because a PDF
maps glyphs to text: drawn as several glyphs, „K̄“ is copied, searched and read aloud as „K̄K̄“.
Needs fonttools and uharfbuzz; not needed to run the platform.
"""

from __future__ import annotations

import sys
import unicodedata
from io import BytesIO
from pathlib import Path

import uharfbuzz
from fontTools.feaLib.builder import addOpenTypeFeaturesFromString
from fontTools.pens.ttGlyphPen import TTGlyphPen
from fontTools.subset import Options, Subsetter
from fontTools.ttLib import TTFont

FAMILY = "Formlos Sans"
PUNCTUATION = "\u00a0\u00ad\u2010\u2011\u2013\u2014\u2018\u2019\u201a\u201c\u201d\u201e\u2022\u2026\u202f"


def main(listed: Path, source: Path, target: Path) -> None:
    texts = [unicodedata.normalize("NFC", text) for text in read_list(listed)]
    font = subset(TTFont(source), "".join(texts) + PUNCTUATION)
    precompose(font, sorted({text for text in texts if len(text) > 1}))
    rename(font)
    font.save(target)


def read_list(path: Path) -> list[str]:
    """Characters and sequences; a line reads ``group; kind; code points; name; glyph``."""
    rows = (line.split(";") for line in path.read_text(encoding="utf-8").splitlines())
    texts = ("".join(chr(int(point, 16)) for point in row[2].split()) for row in rows if len(row) > 2)
    return [text for text in texts if text >= " "]


def subset(font: TTFont, characters: str) -> TTFont:
    options = Options(
        hinting=False, notdef_outline=True, name_IDs=["*"], layout_features=["ccmp", "mark", "mkmk", "kern"]
    )
    subsetter = Subsetter(options)
    subsetter.populate(unicodes=map(ord, characters))
    subsetter.subset(font)
    return font


def precompose(font: TTFont, sequences: list[str]) -> None:
    """Draw each sequence as the shaper places it, as one composite glyph, and let the font substitute it."""
    buffer = BytesIO()
    font.save(buffer)
    shaper = uharfbuzz.Font(uharfbuzz.Face(buffer.getvalue()))
    names, order, rules = font.getBestCmap(), font.getGlyphOrder(), []
    for sequence in sequences:
        parts = [names[ord(character)] for character in sequence]
        name = "_".join(parts)
        compose(font, name, shaped(shaper, sequence, order))
        rules.append(f"sub {' '.join(parts)} by {name};")
    del font["GSUB"]  # all it still had to do is drawn into the composites
    languages = "languagesystem DFLT dflt; languagesystem latn dflt;"
    addOpenTypeFeaturesFromString(font, f"{languages} feature ccmp {{ {' '.join(rules)} }} ccmp;")


def shaped(shaper: uharfbuzz.Font, text: str, order: list[str]) -> list[tuple[str, int, int, int]]:
    """Glyphs of ``text`` as (name, x, y, advance)."""
    buffer = uharfbuzz.Buffer()
    buffer.add_str(text)
    buffer.guess_segment_properties()
    uharfbuzz.shape(shaper, buffer)
    placed, x = [], 0
    for info, position in zip(buffer.glyph_infos, buffer.glyph_positions, strict=True):
        placed.append((order[info.codepoint], x + position.x_offset, position.y_offset, position.x_advance))
        x += position.x_advance
    return placed


def compose(font: TTFont, name: str, placed: list[tuple[str, int, int, int]]) -> None:
    pen = TTGlyphPen(font.getGlyphSet())
    for part, x, y, _ in placed:
        pen.addComponent(part, (1, 0, 0, 1, x, y))
    glyph = pen.glyph()
    font.setGlyphOrder([*font.getGlyphOrder(), name])
    font["glyf"][name] = glyph
    glyph.recalcBounds(font["glyf"])
    font["hmtx"][name] = (sum(advance for *_, advance in placed), glyph.xMin)


def rename(font: TTFont) -> None:
    for record in font["name"].names:
        if record.nameID in (1, 3, 4, 6, 16, 25):
            text = str(record).replace("Noto Sans", FAMILY).replace("NotoSans", FAMILY.replace(" ", ""))
            font["name"].setName(text, record.nameID, record.platformID, record.platEncID, record.langID)


if __name__ == "__main__":
    main(*map(Path, sys.argv[1:4]))
