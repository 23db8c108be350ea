"""The report, opened in a real headless Chromium without any network."""

import os
import shutil
import subprocess

import pytest

pytestmark = [pytest.mark.engine, pytest.mark.workflow]


@pytest.fixture(scope="module")
def chromium() -> str:
    found = shutil.which("chromium") or shutil.which("chromium-browser")
    if found is None:
        message = "chromium is not installed (Debian's package chromium)"
        if os.environ.get("AVDISTILL_REQUIRE_ENGINES") == "1":
            pytest.fail(message)
        pytest.skip(message)
    return found


def test_the_report_shows_its_figures_offline(chromium, finished, tmp_path):
    command = [
        chromium,
        "--headless",
        "--no-sandbox",
        "--disable-gpu",
        "--proxy-server=127.0.0.1:9",  # nothing listens there: anything fetched would fail
        f"--user-data-dir={tmp_path / 'profile'}",
        "--virtual-time-budget=20000",
        "--dump-dom",
        f"file://{finished / 'results/report.html'}",
    ]
    page = subprocess.run(command, capture_output=True, text=True, timeout=120, check=True).stdout
    assert "simulated" in page
    for category in ("Accuracy", "Confusion", "Learning", "Grid", "Data", "Transfer"):
        assert category in page, f"the report's menu lacks {category}"
