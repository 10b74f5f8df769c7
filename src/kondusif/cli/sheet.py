"""A report of titled tables and paragraphs as Markdown, or as one HTML page that prints on A4."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from html import escape

STYLE = """\
@page { size: A4; margin: 12mm }
body { font: 9pt/1.35 system-ui, sans-serif; color: #13211f; max-width: 186mm; margin: 6mm auto }
@media print { body { margin: 0; font-size: 8pt; line-height: 1.25 } }
main { display: flex; flex-wrap: wrap; gap: 0 6mm; align-items: start }
h1, .mark, section { flex: 1 1 100% }
section.half { flex: 1 1 80mm }
h1 { font-size: 15pt; margin: 0 0 2mm }
h2 { font-size: 10pt; margin: 2.5mm 0 0.5mm; break-after: avoid }
p { margin: 0.5mm 0 }
.mark { background: #13211f; color: #fff; text-align: center; font-weight: bold; padding: 1mm;
  -webkit-print-color-adjust: exact; print-color-adjust: exact }
table { border-collapse: collapse; width: 100% }
th, td { text-align: left; padding: 0.25mm 2mm 0.25mm 0; vertical-align: top;
  border-bottom: 0.2mm solid #ccd4d1 }
th { font-weight: 600; color: #43524e }
.number { text-align: right; font-variant-numeric: tabular-nums; white-space: nowrap }"""


@dataclass(frozen=True)
class SheetSection:
    """A title, rows under a header (empty titles for a list of facts), and what is said of it.

    ``half``: two such, one after the other, may stand side by side.
    """

    title: str
    header: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    note: str = ""
    half: bool = False

    @property
    def table(self) -> tuple[tuple[str, ...], list[tuple[str, ...]]]:
        """Header and rows without the columns in which no row has anything."""
        keep = [k for k, cells in enumerate(zip(*self.rows, strict=True)) if any(cells)]
        shown = [tuple(row[k] for k in keep) for row in self.rows]
        return tuple(self.header[k] for k in keep), shown


def as_markdown(title: str, mark: str, sections: Iterable[SheetSection]) -> str:
    """Plain text that any reader of Markdown sets as tables."""
    lines = [f"**{mark}**", ""] if mark else []
    lines += [f"# {_plain(title)}"]
    for section in sections:
        lines += ["", f"## {_plain(section.title)}", ""]
        if section.rows:
            header, rows = section.table
            lines += [_row(header), _row("---" for _ in header), *map(_row, rows)]
        if section.note:
            lines += [*([""] if section.rows else []), _plain(section.note)]
    return "\n".join(lines) + "\n"


def _row(cells: Iterable[str]) -> str:
    return f"| {' | '.join(map(_plain, cells))} |"


def _plain(text: str) -> str:
    """Nothing of a name is taken for markup."""
    return " ".join(text.split()).replace("|", "\\|").replace("<", "&lt;")


def as_html(title: str, mark: str, sections: Iterable[SheetSection]) -> str:
    """One page without scripts or anything from elsewhere."""
    body = [f'<p class="mark">{escape(mark)}</p>'] if mark else []
    body.append(f"<h1>{escape(title)}</h1>")
    for section in sections:
        start = '<section class="half">' if section.half else "<section>"
        body.append(f"{start}<h2>{escape(section.title)}</h2>")
        body += _html_table(section)
        body += [f"<p>{escape(section.note)}</p>"] if section.note else []
        body.append("</section>")
    inside = "\n".join(body)
    return (
        f'<!doctype html>\n<html lang="id">\n<head>\n<meta charset="utf-8">\n<title>{escape(title)}</title>\n'
        f'<meta name="viewport" content="width=device-width">\n<style>\n{STYLE}\n</style>\n</head>\n'
        f"<body>\n<main>\n{inside}\n</main>\n</body>\n</html>\n"
    )


def _html_table(section: SheetSection) -> Iterator[str]:
    if not section.rows:
        return
    header, rows = section.table
    kinds = [_kind(column) for column in zip(*rows, strict=True)]
    yield "<table>"
    if any(header):
        cells = zip(header, kinds, strict=True)
        yield "<tr>" + "".join(f'<th scope="col"{kind}>{escape(h)}</th>' for h, kind in cells) + "</tr>"
    for row in rows:
        first, *rest = zip(row, kinds, strict=True)
        start = f'<th scope="row">{escape(first[0])}</th>'
        yield f"<tr>{start}" + "".join(f"<td{kind}>{escape(cell)}</td>" for cell, kind in rest) + "</tr>"
    yield "</table>"


def _kind(column: Sequence[str]) -> str:
    """Numbers stand to the right."""
    numeric = [cell.lstrip("+-−–")[:1].isdigit() for cell in column if cell]
    return ' class="number"' if numeric and all(numeric) else ""
