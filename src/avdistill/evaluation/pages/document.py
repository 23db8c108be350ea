"""What the pages have in common: how they open, what they say below a table, the table itself."""

from collections.abc import Iterable, Sequence
from html import escape

from avdistill.evaluation.initial_weights import weights_notes
from avdistill.evaluation.pages.columns import Column
from avdistill.evaluation.tables import DEVIATION, MEAN, Row

_STYLE = """
body { font: 14px/1.4 system-ui, sans-serif; color: #222; margin: 1.5em; }
h1 { font-size: 1.5em; } h2 { font-size: 1.15em; margin-top: 2em; }
p { max-width: 62em; }
.source { background: #fff4d6; border-left: 4px solid #d55e00; padding: .5em .8em; }
.note { border-left: 4px solid #0072b2; padding: .2em .8em; }
table { border-spacing: 0; font-size: 13px; font-variant-numeric: tabular-nums; }
th, td { padding: .2em .5em; text-align: right; vertical-align: top; white-space: nowrap; }
th { background: #fff; border-bottom: 2px solid #444; position: sticky; top: 0;
  vertical-align: bottom; }
td { border-bottom: 1px solid #ddd; }
th.text, td.text { text-align: left; }
td.long { min-width: 11em; white-space: normal; }
tr.first td { border-top: 1px solid #777; }
tr.over-seeds { color: #555; font-style: italic; }
"""


def table(columns: Sequence[Column], rows: Iterable[Row]) -> str:
    """Write a table; a line stands above each network's first row."""
    head = "".join(f"<th{_kind(column)}>{column.heading}</th>" for column in columns)
    lines, network = [], None
    for row in rows:
        kinds = ["over-seeds"] if row.get("seed") in (MEAN, DEVIATION) else []
        if network not in (None, row.get("network")):
            kinds.append("first")
        network = row.get("network")
        kind = f' class="{" ".join(kinds)}"' if kinds else ""
        cells = "".join(f"<td{_kind(column)}>{escape(column.cell(row))}</td>" for column in columns)
        lines.append(f"<tr{kind}>{cells}</tr>")
    body = "\n".join(lines)
    return f"<table>\n<tr>{head}</tr>\n{body}\n</table>"


def weights_paragraphs(rows: Sequence[Row]) -> list[str]:
    """Write the notes on weights that belong under a table of these rows."""
    return [f'<p class="note">{escape(note)}</p>' for note in weights_notes(rows)]


def data_told(rows: Iterable[Row]) -> str:
    """Say where the data behind some rows are from, for `document`."""
    sources = sorted({row["data_source"] for row in rows if row.get("data_source")})
    return f"Data: {' and '.join(map(_source, sources)) or 'none'}."


def document(title: str, told: str, note: str, parts: Sequence[str]) -> str:
    """Write a page as HTML: what the data are and the note come first.

    Parameters
    ----------
    told : what the data are, from `data_told`.
    note : one sentence of the run's own, or an empty one.
    parts : HTML.
    """
    lines = [
        "<!DOCTYPE html>",
        f'<html lang="en"><head><meta charset="utf-8"><title>{escape(title)}</title>',
        f"<style>{_STYLE}</style></head><body>",
        f"<h1>{escape(title)}</h1>",
        f'<p class="source"><strong>{escape(told)}</strong> {escape(note)}</p>',
    ]
    return "\n".join([*lines, *parts, "</body></html>", ""])


def _source(name: str) -> str:
    if name == "simulated":
        return "simulated, which says nothing of how accurate the networks are on real recordings"
    return name


def _kind(column: Column) -> str:
    return f' class="{column.kind}"' if column.kind else ""
