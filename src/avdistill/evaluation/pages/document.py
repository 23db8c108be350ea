"""Pages for the report, each a single HTML file.

Jinja2 fills templates, such as the one in this folder. It escapes all values, so that none of them
is read as HTML.
"""

from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any, NamedTuple

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from avdistill.evaluation.pages.columns import Column
from avdistill.evaluation.tables import DEVIATION, MEAN, Row

_PAGE = Path(__file__).with_name("page.html")


class Section(NamedTuple):
    """A part of a page: a table with notes.

    Attributes
    ----------
    columns, rows : columns and rows of the table; without rows there is no table.
    notes : sentences below the table.
    """

    paragraphs: Sequence[str]
    columns: Sequence[Column] = ()
    rows: Sequence[Row] = ()
    notes: Sequence[str] = ()
    heading: str = ""


def render(template: Path, **values: Any) -> str:
    """Return a template filled with values; it may extend `page.html`.

    Raises
    ------
    jinja2.UndefinedError : the template needs a value that is not given.
    """
    environment = Environment(
        loader=FileSystemLoader([template.parent, _PAGE.parent]),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    return environment.get_template(template.name).render(values)


def tables_page(title: str, source: str, note: str, sections: Sequence[Section]) -> str:
    """Return a page of tables as HTML: the source of the data and the note come first.

    Parameters
    ----------
    source : a sentence on the source of the data, such as from `data_sentence`.
    note : one sentence about the run, or an empty one.
    """
    marked = [section._replace(rows=list(_marked(section.rows))) for section in sections]
    return render(_PAGE, title=title, source=source, note=note, sections=marked)


def data_sentence(rows: Iterable[Row]) -> str:
    """Return a sentence on the source of the data behind some rows."""
    sources = sorted({row["data_source"] for row in rows if row.get("data_source")})
    return f"Data: {' and '.join(map(_source, sources)) or 'none'}."


def _source(name: str) -> str:
    if name == "simulated":
        return "simulated, which says nothing of how accurate the networks are on real recordings"
    return name


def _marked(rows: Iterable[Row]) -> Iterator[tuple[str, Row]]:
    """Yield CSS classes with each row; summaries and the first row of a network have some."""
    network = None
    for row in rows:
        kinds = ["over-seeds"] if row.get("seed") in (MEAN, DEVIATION) else []
        if network not in (None, row.get("network")):
            kinds.append("first")
        network = row.get("network")
        yield " ".join(kinds), row
