"""Pages for the report, each a single file, and the HTML pages of tables.

Jinja2 fills templates, such as those in this folder. In HTML it escapes all values, so that none of
them is read as HTML.
"""

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any, NamedTuple

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from avdistill.evaluation.initial_weights import weights_notes
from avdistill.evaluation.pages.columns import Column
from avdistill.evaluation.tables import DEVIATION, MEAN, Row

_PAGE = Path(__file__).with_name("page.html")


class Section(NamedTuple):
    """A table on a page, and the paragraphs above it.

    Attributes
    ----------
    shows : whether a row of the page's table is in this section.
    """

    paragraphs: Sequence[str]
    columns: Sequence[Column]
    heading: str = ""
    shows: Callable[[Row], bool] = lambda row: True


def render(template: Path, **values: Any) -> str:
    """Return a template filled with values; it may extend `page.html`.

    Raises
    ------
    jinja2.UndefinedError : the template needs a value that is not given.
    """
    environment = Environment(
        loader=FileSystemLoader([template.parent, _PAGE.parent]),
        autoescape=template.suffix == ".html",
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    return environment.get_template(template.name).render(values)


class Page(NamedTuple):
    """A page of the report that shows the rows of one table.

    Attributes
    ----------
    sections : the first is followed by notes on weights that were not used.
    source : a sentence on the data; `{}` stands for their sources.
    nothing : a paragraph for a table without rows.
    """

    title: str
    sections: Sequence[Section]
    source: str = "Data: {}."
    nothing: str = ""

    def html(self, rows: Sequence[Row], note: str = "") -> str:
        """Return the page as HTML: the source of the data and the note come first.

        Parameters
        ----------
        rows : of the table.
        note : one sentence about the run, or an empty one.
        """
        sources = sorted({row["data_source"] for row in rows if row.get("data_source")})
        source = self.source.format(" and ".join(map(_source, sources)) or "none")
        return render(
            _PAGE,
            title=self.title,
            source=source,
            note=note,
            sections=self.sections,
            rows=list(_marked(rows)),
            nothing=self.nothing,
            notes=weights_notes(rows),
        )


def _source(name: str) -> str:
    if name == "simulated":
        return "simulated, which says nothing of how accurate the networks are on real recordings"
    return name


def _marked(rows: Sequence[Row]) -> Iterator[tuple[str, Row]]:
    """Yield CSS classes with each row; summaries and the first row of a network have some."""
    network = None
    for row in rows:
        kinds = ["over-seeds"] if row.get("seed") in (MEAN, DEVIATION) else []
        if network not in (None, row.get("network")):
            kinds.append("first")
        network = row.get("network")
        yield " ".join(kinds), row
