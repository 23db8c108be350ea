"""Pages for the report, each a file that needs nothing else.

Jinja2 fills templates, such as the one beside this module: what it fills in is text, in which no
sign is HTML's.
"""

from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any, NamedTuple

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from avdistill.evaluation.pages.columns import Column
from avdistill.evaluation.tables import DEVIATION, MEAN, Row

_PAGE = Path(__file__).with_name("page.html")


class Section(NamedTuple):
    """A part of a page, from top to bottom.

    Attributes
    ----------
    columns, rows : of its table; without rows there is none.
    notes : below the table.
    """

    paragraphs: Sequence[str]
    columns: Sequence[Column] = ()
    rows: Sequence[Row] = ()
    notes: Sequence[str] = ()
    heading: str = ""


def render(template: Path, **values: Any) -> str:
    """Fill a template with values; it may extend `page.html`.

    Raises
    ------
    jinja2.UndefinedError : it needs a value that is not given.
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
    """Write a page of tables as HTML: what the data are and the note come first.

    Parameters
    ----------
    source : what the data are, such as from `data_sentence`.
    note : one sentence of the run's own, or an empty one.
    """
    marked = [section._replace(rows=list(_marked(section.rows))) for section in sections]
    return render(_PAGE, title=title, source=source, note=note, sections=marked)


def data_sentence(rows: Iterable[Row]) -> str:
    """Say where the data behind some rows are from."""
    sources = sorted({row["data_source"] for row in rows if row.get("data_source")})
    return f"Data: {' and '.join(map(_source, sources)) or 'none'}."


def _source(name: str) -> str:
    if name == "simulated":
        return "simulated, which says nothing of how accurate the networks are on real recordings"
    return name


def _marked(rows: Iterable[Row]) -> Iterator[tuple[str, Row]]:
    """Give rows with their classes in the style: summaries, and the first row of each network."""
    network = None
    for row in rows:
        kinds = ["over-seeds"] if row.get("seed") in (MEAN, DEVIATION) else []
        if network not in (None, row.get("network")):
            kinds.append("first")
        network = row.get("network")
        yield " ".join(kinds), row
