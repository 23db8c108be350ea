"""Write the page that `dvc plots` fills: with its drawing libraries inside, it needs no network.

Vega, Vega-Lite and Vega-Embed come from Snakemake's own package, which has them for its report.

    python workflow/scripts/prepare_plots_page.py --dataset results/dataset.json --output page.html
"""

import argparse
import re
import sys
from importlib.resources import files
from pathlib import Path

from markupsafe import Markup

from avdistill.avia.dataset import DatasetDescription
from avdistill.errors import InputError
from avdistill.evaluation.labels import source_label
from avdistill.evaluation.pages.document import render
from avdistill.files.atomic import write_text

LIBRARIES = ("vega", "vega-lite", "vega-embed")
TEMPLATE = Path(__file__).with_suffix(".html")


def library(name: str) -> str:
    """Return a library as elements of a page: its licence and its code.

    Raises
    ------
    InputError : this version of Snakemake has it no more, or elsewhere.
    """
    folder = files("snakemake") / "assets" / "data" / name
    try:
        licence = (folder / "LICENSE").read_text(encoding="utf-8")
        code = (folder / f"{name}.js").read_text(encoding="utf-8")
    except FileNotFoundError as error:
        raise InputError(
            f"{error.filename}: Snakemake's package lacks this file, which plots are drawn with; "
            "install the version that envs/requirements.txt names"
        ) from None
    # Inside <script>, these would end it or change where it ends.
    code = re.sub("<(?=/script|!--)", r"\\x3C", code, flags=re.IGNORECASE)
    return f"<!--\n{name}\n\n{licence}-->\n<script>\n{code}\n</script>"


def plots_page(data_source: str) -> str:
    """Return the page, with DVC's placeholders `{plot_divs}` and `{refresh_tag}` in it.

    Without DVC's `{scripts}`, which would load the same libraries from a public network.
    """
    libraries = Markup("\n".join(library(name) for name in LIBRARIES))
    label = source_label(data_source)
    return render(TEMPLATE, libraries=libraries, source=f"{label[0].upper()}{label[1:]}.")


def main() -> None:
    """Write the page.

    Raises
    ------
    SystemExit : the description or a library is missing; the status is 1.
    """
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--dataset", required=True, type=Path, help="dataset.json")
    parser.add_argument("--output", required=True, type=Path, help="HTML to write")
    arguments = parser.parse_args()
    try:
        source = DatasetDescription.read(arguments.dataset).source
        write_text(arguments.output, plots_page(source))
    except InputError as error:
        sys.exit(f"prepare_plots_page.py: error: {error}")


if __name__ == "__main__":
    main()
