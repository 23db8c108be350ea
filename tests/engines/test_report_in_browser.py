"""The report, opened and used in a real headless Chromium without any network."""

import html
import json
import re
import subprocess

import pytest

pytestmark = [pytest.mark.engine, pytest.mark.workflow]

# Appended to a copy of the report: opens each category, then the first result of "Data".
DRIVER = """
<script>
const pause = (ms) => new Promise((done) => setTimeout(done, ms));
const press = async (element) => { if (element) element.click(); await pause(500); };
const entry = (text) =>
  [...document.querySelectorAll("nav a")].find((a) => a.textContent.trim() === text);
window.addEventListener("load", async () => {
  await pause(1000);
  const seen = {text: document.body.innerText, rows: {}, widths: []};
  for (const category of %s) {
    await press(entry(category));
    seen.rows[category] = document.querySelectorAll("nav table tbody tr").length;
    if (category === "Data") {
      await press(document.querySelector("nav a[iconname=eye]"));
      await pause(1000);
      seen.widths = [...document.images].map((image) => image.naturalWidth);
    }
    await press(entry("Results"));
  }
  const answer = document.createElement("pre");
  answer.id = "seen";
  answer.textContent = JSON.stringify(seen);
  document.body.appendChild(answer);
});
</script>
"""
CATEGORIES = [
    "Claims",
    "Confusion",
    "Data",
    "Figures of the supplement",
    "Grid",
    "Learning",
    "Tables",
    "Transfer",
]


def test_the_report_shows_its_tables_and_figures_offline(engine, finished, tmp_path):
    report = (finished / "results/report.html").read_text(encoding="utf-8")
    page = tmp_path / "report.html"
    page.write_text(report + DRIVER % json.dumps(CATEGORIES), encoding="utf-8")
    command = [
        engine("chromium", "Debian's package chromium"),
        "--headless",
        "--no-sandbox",
        "--disable-gpu",
        "--proxy-server=127.0.0.1:9",  # nothing listens there: anything fetched would fail
        f"--user-data-dir={tmp_path / 'profile'}",
        "--virtual-time-budget=60000",
        "--dump-dom",
        page.as_uri(),
    ]
    dom = subprocess.run(command, capture_output=True, text=True, timeout=120, check=True).stdout
    seen = json.loads(html.unescape(re.search(r'<pre id="seen">(.*?)</pre>', dom, re.S)[1]))
    assert "All data are simulated" in seen["text"]
    assert "too small to learn" in seen["text"]
    assert seen["rows"].keys() == set(CATEGORIES)
    for category, rows in seen["rows"].items():
        assert rows > 0, f"{category} shows no result"
    assert max(seen["widths"]) > 500, "the overlay picture is not shown"
