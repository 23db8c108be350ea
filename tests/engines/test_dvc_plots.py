"""Metrics, parameters, experiments and plots, as DVC shows them; plots in a real browser."""

import csv
import html
import io
import json
import re
import shutil
import subprocess
import time
from pathlib import Path

import pytest

pytestmark = [pytest.mark.engine, pytest.mark.workflow]

# Appended to a copy of the plots page: takes each picture by the page's own menu, as SVG, then
# looks for one network.
DRIVER = """
<script>
const wait = async (ready) => {
  while (!ready()) await new Promise((done) => setTimeout(done, 100));
};
window.addEventListener("load", async () => {
  const plots = [...document.querySelectorAll("main .plots > div")];
  const seen = {plots: [], headings: [], errors: document.querySelectorAll(".error").length};
  const headings = document.querySelectorAll("main > details > summary");
  seen.headings = [...headings].map((heading) => heading.textContent);
  for (const plot of plots) {
    await wait(() => plot.querySelector("canvas.marks"));
    const canvas = plot.querySelector("canvas.marks");
    const data = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height).data;
    const svg = [...plot.querySelectorAll("a")].find((a) => a.textContent === "Save as SVG");
    svg.dispatchEvent(new MouseEvent("mousedown"));
    await wait(() => svg.href.startsWith("blob:"));
    const picture = await (await fetch(svg.href)).text();
    seen.plots.push({
      name: plot.id, colours: new Set(new Uint32Array(data.buffer)).size, picture,
    });
  }
  const input = document.querySelector("input");
  input.value = "GROUND seed0";
  input.dispatchEvent(new Event("input"));
  seen.found = plots.filter((plot) => !plot.hidden).map((plot) => plot.id);
  seen.fetched = performance.getEntriesByType("resource").map((entry) => entry.name);
  const answer = document.createElement("pre");
  answer.id = "seen";
  answer.textContent = JSON.stringify(seen);
  document.body.appendChild(answer);
});
</script>
"""
TEACHER = "all-dualcamnet-seed0"
STUDENTS = {f"all-hearnet-{supervision}-seed0" for supervision in ("ground_truth", "dualcamnet")}
CONFIGURATION = "config/micro.yaml"
GRID = "results/students/all/hearnet/dualcamnet/seed0/grid.csv"


def copy_of(repository, folder: Path):
    # Files of the queue's broker, which a worker that is ending deletes.
    ignore = shutil.ignore_patterns("celery")
    shutil.copytree(repository.folder, folder, symlinks=True, ignore=ignore)
    return type(repository)(folder, repository.environment)


def imitations(repository) -> list[str]:
    with (repository / GRID).open(newline="") as file:
        return [row["imitation"] for row in csv.DictReader(file)]


def experiments_of(repository) -> dict[str, dict[str, str]]:
    """Rows of `dvc exp show` by the name of the experiment, or of the branch."""
    table = repository.dvc("exp", "show", "--csv").stdout
    return {row["Experiment"] or row["rev"]: row for row in csv.DictReader(io.StringIO(table))}


@pytest.fixture(scope="module")
def compared(dvc_repository, tmp_path_factory):
    """Commit an experiment with another grid value, made in the workspace. Treat as read-only."""
    repository = copy_of(dvc_repository, tmp_path_factory.mktemp("compared") / "copy")
    change = f"{CONFIGURATION}:grid.imitation=[0.25,1]"
    run = repository.dvc("exp", "run", "--name", "other-grid", "--set-param", change)
    assert "Ran experiment(s): other-grid" in run.stdout
    repository.git("commit", "--all", "--quiet", "--message", "Another grid")
    return repository


@pytest.fixture(scope="module")
def experimented(dvc_repository, tmp_path_factory):
    """Run an experiment in a temporary folder, and one from the queue. Treat as read-only."""
    repository = copy_of(dvc_repository, tmp_path_factory.mktemp("experimented") / "copy")
    for name, how, value in (
        ("aside", "--temp", "students.hearnet.epochs=3"),
        ("queued", "--queue", "report.note=Another"),
    ):
        change = f"{CONFIGURATION}:{value}"
        repository.dvc("exp", "run", how, "--name", name, "--set-param", change)
    repository.dvc("queue", "start")
    deadline = time.monotonic() + 600
    while "Success" not in (status := repository.dvc("queue", "status").stdout):
        assert "Failed" not in status, repository.dvc("queue", "logs", "queued").stdout[-6000:]
        assert time.monotonic() < deadline, status
        time.sleep(2)
    repository.dvc("queue", "stop")  # its worker, else, ends while others copy
    return repository


@pytest.fixture
def open_page(engine, tmp_path):
    """Return a function that opens a page of plots without network and tells what is seen."""
    chromium = engine("chromium", "Debian's package chromium")

    def read(page: Path) -> dict:
        text = page.read_text(encoding="utf-8")
        assert not re.findall(r"<script[^>]*src", text)
        driven = tmp_path / "driven.html"
        driven.write_text(text + DRIVER, encoding="utf-8")
        command = [
            chromium,
            "--headless",
            "--no-sandbox",
            "--disable-gpu",
            "--host-resolver-rules=MAP * ~NOTFOUND",
            "--proxy-server=127.0.0.1:9",  # nothing listens there: anything fetched would fail
            f"--user-data-dir={tmp_path / 'profile'}",
            "--virtual-time-budget=120000",
            "--dump-dom",
            driven.as_uri(),
        ]
        run = subprocess.run(command, capture_output=True, text=True, timeout=180, check=True)
        found = re.search(r'<pre id="seen">(.*?)</pre>', run.stdout, re.DOTALL)
        assert found, "the page never got ready"
        seen = json.loads(html.unescape(found[1]))
        assert seen["errors"] == 0
        assert [name for name in seen["fetched"] if not name.startswith(("blob:", "data:"))] == []
        for plot in seen["plots"]:
            assert plot["colours"] > 2, f"{plot['name']} is blank"
        seen["pictures"] = {plot["name"]: plot["picture"] for plot in seen["plots"]}
        return seen

    return read


def texts(picture: str) -> list[str]:
    return [html.unescape(text) for text in re.findall(r"<text[^>]*>([^<]*)</text>", picture)]


def picture_of(seen: dict, kind: str, network: str) -> str:
    [name] = [name for name in seen["pictures"] if kind in name and name.endswith(f"{network}_csv")]
    return seen["pictures"][name]


def test_plots_of_every_network_are_drawn_without_network(dvc_repository, open_page, tmp_path):
    repository = copy_of(dvc_repository, tmp_path / "copy")
    run = repository.dvc("plots", "show")
    assert run.stdout.strip() == (repository / "dvc_plots/index.html").as_uri()
    seen = open_page(repository / "dvc_plots/index.html")
    assert seen["headings"] == ["Learning curves", "Confusion of the test crops", "Grid search"]
    assert len(seen["plots"]) == 3 + 3 + 2  # a teacher searches no grid
    for network in (TEACHER, *STUDENTS):
        assert network in texts(picture_of(seen, "learning_curves", network))
    curves = texts(picture_of(seen, "learning_curves", TEACHER))
    assert {"epoch", "loss (nats)", "accuracy (of crops)", "training", "validation"} <= {*curves}
    # Both classes are a row and a column, also where one was never predicted.
    for network in (TEACHER, *STUDENTS):
        shown = texts(picture_of(seen, "confusion", network))
        assert shown.count("whistling") == shown.count("knocking") == 2
    assert repository.git("status", "--porcelain").stdout == ""


def test_the_page_finds_networks_by_words(compared, open_page, tmp_path):
    compared.dvc("plots", "show", "--out", tmp_path / "found")
    seen = open_page(tmp_path / "found/index.html")
    assert len(seen["found"]) == 3
    assert all("ground_truth" in name for name in seen["found"])


def test_confusion_counts_test_crops(compared, open_page, tmp_path):
    compared.dvc("plots", "show", "--out", tmp_path / "counted")
    seen = open_page(tmp_path / "counted/index.html")
    for network in STUDENTS:
        path = compared / f"results/plots/confusion/{network}.csv"
        with path.open(newline="") as file:
            rows = [(row["actual"], row["predicted"]) for row in csv.DictReader(file)]
        counts = sorted(str(rows.count(pair)) for pair in {*rows})
        shown = texts(picture_of(seen, "confusion", network))
        assert sorted(text for text in shown if text.isdecimal()) == counts


def test_plots_of_two_commits_stand_beside_each_other(compared, open_page, tmp_path):
    compared.dvc("plots", "diff", "HEAD~1", "HEAD", "--out", tmp_path / "diff")
    seen = open_page(tmp_path / "diff/index.html")
    for network in (TEACHER, *STUDENTS):
        for kind in ("learning_curves", "confusion"):
            assert {"HEAD", "HEAD~1"} <= {*texts(picture_of(seen, kind, network))}
    grid = texts(picture_of(seen, "grid", "all-hearnet-dualcamnet-seed0"))
    assert {"HEAD", "HEAD~1", "0.25", "0.5", "1"} <= {*grid}


def test_another_grid_value_is_a_difference_of_parameters_alone(compared, dvc_repository):
    [change] = json.loads(compared.dvc("params", "diff", "--json", "HEAD~1").stdout).values()
    assert change == {"grid.imitation": {"old": "[0.5, 1]", "new": "[0.25, 1]"}}
    assert imitations(compared) == ["0.25", "1.0"]
    assert imitations(dvc_repository) == ["0.5", "1.0"]
    teacher = "results/teachers/all/dualcamnet/seed0/model.keras"
    assert (compared / teacher).stat().st_mtime_ns == (dvc_repository / teacher).stat().st_mtime_ns


def test_going_back_and_forth_between_commits_computes_nothing(
    compared, dvc_repository, finished, tmp_path
):
    def digests(repository) -> dict[str, str]:
        found = type(finished)(repository.folder).digests()
        # The card says of which commit it is.
        return {name: sha for name, sha in found.items() if not name.startswith("results/card/")}

    def assert_up_to_date(repository) -> None:
        assert type(finished)(repository.folder).planned_rules() == set()
        assert json.loads(repository.dvc("status", "--json").stdout) == {}

    repository = copy_of(compared, tmp_path / "copy")
    assert_up_to_date(repository)
    before, after = digests(dvc_repository), digests(compared)
    assert before[GRID] != after[GRID]
    for commit, results in (("HEAD~1", before), ("main", after)):
        repository.git("checkout", "--quiet", commit)
        repository.dvc("checkout")
        assert_up_to_date(repository)
        assert digests(repository) == results


def test_metrics_are_shown_and_compared(dvc_repository, tmp_path):
    repository = dvc_repository.clone(tmp_path / "clone")  # they are in Git
    shown = repository.dvc("metrics", "show").stdout
    assert "simulated" in shown
    names = {"dualcamnet-seed0", "hearnet-ground_truth-seed0", "hearnet-dualcamnet-seed0"}
    assert {*re.findall(r"^results/metrics/(\S+)\.json", shown, re.MULTILINE)} == names
    assert repository.dvc("metrics", "diff").stdout == ""
    path = repository / "results/metrics/dualcamnet-seed0.json"
    metrics = json.loads(path.read_text())
    path.write_text(json.dumps(metrics | {"all": metrics["all"] - 0.125}))
    diff = repository.dvc("metrics", "diff").stdout.splitlines()
    assert diff[0].split() == ["Path", "Metric", "HEAD", "workspace", "Change"]
    assert diff[1].split()[:2] == ["results/metrics/dualcamnet-seed0.json", "all"]
    assert diff[1].split()[-1] == "-0.125"
    assert len(diff) == 2


def test_experiments_aside_leave_the_workspace_alone_and_are_listed(experimented):
    assert experimented.git("status", "--porcelain").stdout == ""
    rows = experiments_of(experimented)
    shown = {name: row["students.hearnet.epochs"] for name, row in rows.items()}
    assert shown == {
        "workspace": "2", "main": "2", "aside": "3", "queued": "2",
    }  # fmt: skip
    assert rows["queued"]["report.note"] == "Another"


def test_an_experiment_can_be_applied(experimented, tmp_path):
    repository = copy_of(experimented, tmp_path / "copy")
    history = repository / "results/students/all/hearnet/ground_truth/seed0/history.csv"
    before = history.read_text().splitlines()
    repository.dvc("exp", "apply", "aside")
    assert "    epochs: 3\n" in (repository / CONFIGURATION).read_text()
    assert len(history.read_text().splitlines()) == len(before) + 1
    assert json.loads(repository.dvc("status", "--json").stdout) == {}


def test_plots_that_were_not_pulled_are_one_message(dvc_repository, tmp_path):
    repository = dvc_repository.clone(tmp_path / "clone")
    run = repository.dvc("plots", "show")
    assert "DVC failed to load some plots" in run.stdout
    assert "Traceback" not in run.stdout
    assert not (repository / "dvc_plots/index.html").exists()
