"""The page that `dvc plots` fills, without DVC and browser."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from avdistill.avia.dataset import DatasetDescription

SCRIPT = Path(__file__).parents[2] / "workflow/scripts/prepare_plots_page.py"


@pytest.fixture
def prepare(tmp_path):
    """Return a function that writes `page.html`, with more on Python's path if asked."""
    description = DatasetDescription("simulated", ("a", "b"), ("office",), 3, 5)
    description.write(tmp_path / "dataset.json")
    files = ["--dataset", tmp_path / "dataset.json", "--output", tmp_path / "page.html"]

    def run(*folders: Path) -> subprocess.CompletedProcess:
        python_path = os.pathsep.join(
            [*map(str, folders), str(SCRIPT.parents[2] / "src"), os.environ.get("PYTHONPATH", "")]
        )
        return subprocess.run(
            [sys.executable, SCRIPT, *files],
            env={**os.environ, "PYTHONPATH": python_path},
            capture_output=True,
            text=True,
            check=False,
        )

    return run


def test_page_has_its_libraries_inside_and_says_where_the_data_are_from(prepare, tmp_path):
    assert prepare().returncode == 0
    page = (tmp_path / "page.html").read_text(encoding="utf-8")
    assert "Simulated data." in page
    assert not re.findall(r"<(?:script|link|iframe)[^>]*(?:src|href)\s*=", page)
    licences = re.findall(r"<!--\n([\w-]+)\n\nCopyright .*?-->\n<script>", page, re.DOTALL)
    assert licences == ["vega", "vega-lite", "vega-embed"]
    assert page.count("<script>") == page.count("</script>") == 4  # theirs and our own
    # DVC replaces the first two wherever they stand, and would load the third from a network.
    assert page.count("{plot_divs}") == page.count("{refresh_tag}") == 1
    assert "{scripts}" not in page


def test_page_has_the_same_bytes_each_time(prepare, tmp_path):
    pages = []
    for _ in range(2):
        assert prepare().returncode == 0
        pages.append((tmp_path / "page.html").read_bytes())
    assert pages[0] == pages[1]


def test_a_snakemake_without_the_libraries_is_one_message(prepare, tmp_path):
    package = tmp_path / "path/snakemake"
    package.mkdir(parents=True)
    (package / "__init__.py").touch()
    run = prepare(tmp_path / "path")
    assert run.returncode == 1
    assert "assets/data/vega/LICENSE" in run.stderr
    assert "envs/requirements.txt" in run.stderr
    assert "Traceback" not in run.stderr
    assert not (tmp_path / "page.html").exists()
