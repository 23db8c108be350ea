"""What AVIA, and 10, 100 and 1,000 times as much, cost besides computing: files, bytes, jobs, time.

Of `config/paper.yaml`, with that many times AVIA's 378 sequences of 30 s and 50 of them in a job.

`plan`: measured are a dry run (Snakemake's own time and memory, and the jobs of each phase), and
one of a single job, which is what every job of a cluster starts with.

`run`: measured is a whole run in which no job computes: each only makes its output files, lists of
data as long as they would be. What is left is Snakemake: planning, choosing jobs, checksums of
inputs, notes on outputs. Then a second run, with nothing to do. Bytes of each phase are computed:
the files of this run, with the sizes that such files have in the finished run in `--results`.

`--quick` takes one scope and one seed, and sizes from one second of one sequence if no results are
named. CPU seconds are the process's own, user and system; wall times depend on what else runs.
"""

import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
from collections import Counter, defaultdict
from pathlib import Path
from typing import NamedTuple

from command_line import new_parser, parse

PROJECT = Path(__file__).parents[1]
SUBJECTS, SEQUENCES, SECONDS = 9, 378, 30  # AVIA's
BATCH = 50  # sequences, the most that a job takes
AUDIO = 128 * 1024 * 4 + 128  # bytes of a raw audio file: all of AVIA's microphones
# Bytes of a sequence's: 12 frames a second, of Temporal ResNet-50's half of the backbones five.
FEATURES = SECONDS * (12 + 5) // 2 * 2048 * 4 + 128
PHASES = (
    *("raw", "records", "splits", "vision", "teachers", "soft_labels", "students"),
    *("transfer", "evaluation", "figures", "logs"),
)
PHASE_OF_FILE = {
    "statistics": "splits",
    **dict.fromkeys(("across_scopes", "claims", "metrics", "dataset.json"), "evaluation"),
    **dict.fromkeys(("plots", "card", "supplement", "plots_page.html"), "figures"),
    "benchmarks": "logs",
}
SOFT_LABELS = ("export_soft_labels", "average_soft_labels")
NEEDED = ("Snakefile", "CITATION.cff", "config", "envs", "profiles", "src", "workflow")

# Takes the place of what every rule runs. `sizes`: bytes of the lists of raw files and of records.
PRETEND = """
def pretend(input, output, params, wildcards, threads, resources, log, *others):
    for path in map(Path, (*output, *log)):
        folder = path.parts[1] if path.suffix == ".csv" else None
        with path.open("wb") as file:
            file.truncate({sizes}.get((folder, path.name == "manifest.csv"), 0))


for each in workflow.rules:
    if each.run_func is not None:
        each.run_func = pretend
        each._benchmark = None  # there is nothing to measure
"""


class Cost(NamedTuple):
    """What a process took: seconds of CPU and of wall time, MB of memory; and what it printed."""

    cpu: float
    wall: float
    memory: float
    text: str

    def __str__(self):
        return f"{self.cpu:,.1f} s CPU, {self.wall:,.1f} s wall, {self.memory:,.0f} MB"


def snakemake(factor, fewer, *options, folder=PROJECT):
    """Call Snakemake on the paper's experiment with `factor` times the subjects.

    Parameters
    ----------
    fewer : settings that leave out jobs.
    """
    command = [
        *(sys.executable, "-m", "snakemake", "--configfile", "config/paper.yaml", "--config"),
        f"dataset={{subjects: {SUBJECTS * factor}, sequences_per_job: {BATCH}}}",
        *fewer,
        *options,
    ]
    with tempfile.TemporaryFile("w+") as output:
        start = time.monotonic()
        process = subprocess.Popen(command, stdout=output, stderr=subprocess.STDOUT, cwd=folder)
        _, status, usage = os.wait4(process.pid, 0)
        wall = time.monotonic() - start
        output.seek(0)
        text = output.read()
    if status:
        sys.exit(f"Snakemake failed:\n{text[-2000:]}")
    return Cost(usage.ru_utime + usage.ru_stime, wall, usage.ru_maxrss / 1024, text)


def phase_of_file(path):
    """Phase that a file below `results` belongs to."""
    return PHASE_OF_FILE.get(path.parts[0], path.parts[0])


def phases_of_rules():
    """Phase of each rule, by the file it stands in."""
    phases = {"write_card": "figures", "judge_claims": "evaluation"}
    for file in (PROJECT / "workflow/rules").glob("*.smk"):
        for rule in re.findall(r"^ *rule (\w+):", file.read_text(), re.MULTILINE):
            phases[rule] = PHASE_OF_FILE.get(file.stem, file.stem)
    return phases | dict.fromkeys(SOFT_LABELS, "soft_labels")


def plan(factor, fewer):
    """Plan all jobs, and one alone."""
    whole = snakemake(factor, fewer, "--dry-run", "--quiet", "rules")
    phases, jobs = phases_of_rules(), Counter()
    numbers = dict(re.findall(r"^(\w+) +(\d+)$", whole.text, re.MULTILINE))  # printed twice
    for rule, number in numbers.items():
        if rule not in ("all", "total"):
            jobs["figures" if rule.startswith("draw_") else phases[rule]] += int(number)
    batch = "results/raw/batches/00000.csv"
    one = snakemake(factor, fewer, "--dry-run", "--quiet", "all", "--", batch)
    print(f"x {factor}: {SEQUENCES * factor:,} sequences; {sum(jobs.values()):,} jobs:", end=" ")
    print(", ".join(f"{phase} {jobs[phase]:,}" for phase in PHASES if jobs[phase]))
    print(f"  planning all: {whole}\n  planning one job: {one}", flush=True)


def row_bytes(results):
    """Bytes of the lists of raw files and of records for each second of a finished run's data."""
    seconds = seconds_of(results)
    return {
        folder: (results / folder / "manifest.csv").stat().st_size / seconds
        for folder in ("raw", "records")
    }


def seconds_of(results):
    """How many seconds of data a finished run has, one record each."""
    return len((results / "records/manifest.csv").read_text().splitlines()) - 1


def run(factor, fewer, results):
    """Run all jobs, without what they compute, and once again."""
    sizes = {}
    for folder, size in row_bytes(results).items():
        sizes[folder, True] = int(size * SEQUENCES * SECONDS * factor)
        sizes[folder, False] = int(size * SECONDS * BATCH)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        for part in NEEDED:
            copy = shutil.copytree if (PROJECT / part).is_dir() else shutil.copy
            copy(PROJECT / part, folder / part)
        with (folder / "Snakefile").open("a") as file:
            file.write(PRETEND.format(sizes=sizes))
        options = ("--cores", "2", "--quiet", "rules", "progress")
        cost = snakemake(factor, fewer, *options, folder=folder)
        again = snakemake(factor, fewer, *options, folder=folder)
        made = [path for path in (folder / "results").rglob("*") if path.is_file()]
        notes = [
            p.stat().st_size for p in (folder / ".snakemake/metadata").rglob("*") if p.is_file()
        ]
        print(f"x {factor}: whole run: {cost}\n  with nothing to do: {again}")
        print(f"  Snakemake's notes: {len(notes):,} files, {sum(notes) / 1e6:,.0f} MB")
        listed = [(path.relative_to(folder / "results"), path.stat().st_size) for path in made]
    for phase, (files, size) in extent(listed, factor, results).items():
        print(f"    {phase}: {files:,} files, {size / 1e9:,.3f} GB", flush=True)


def extent(listed, factor, results):
    """Files and bytes of each phase: of the run without computing, and of the data themselves."""
    kinds = defaultdict(list)
    own = json.loads((results / "dataset.json").read_text())
    for path in results.rglob("*"):
        if path.is_file():
            for kind in kinds_of(path.relative_to(results)):
                kinds[kind].append(AUDIO if kind == ("raw", ".npy") else path.stat().st_size)
    seconds = seconds_of(results)
    more_seconds = SEQUENCES * SECONDS * factor / seconds
    more_sequences = SEQUENCES * factor * own["sequence_seconds"] / seconds
    found = {phase: [0, 0] for phase in PHASES}
    for path, size in listed:
        like = next((kinds[kind] for kind in kinds_of(path) if kind in kinds), [0])
        growth = 1
        if path.parts[0] in ("splits", "claims"):
            growth = more_sequences
        elif path.suffix == ".parquet":
            growth = more_seconds
        found[phase_of_file(path)][0] += 1
        found[phase_of_file(path)][1] += size or sum(like) / len(like) * growth
    for phase, suffixes in {"raw": (".mat", ".npy", ".jpeg"), "records": (".tfrecord",)}.items():
        data = [size for suffix in suffixes for size in kinds[phase, suffix]]
        found[phase][0] += round(len(data) / seconds * SEQUENCES * SECONDS * factor)
        found[phase][1] += sum(data) * more_seconds
    found["logs"] = [2 * number for number in found["logs"]]  # and as many benchmarks
    backbones = len([path for path, _ in listed if path.name == "backbone.keras"])
    found["vision"][0] += backbones * SEQUENCES * factor
    found["vision"][1] += backbones * SEQUENCES * factor * FEATURES
    return found


def kinds_of(path):
    """Kinds that a file's size is looked up by, the closest first."""
    networks = [part for part in path.parts[1:-1] if "net" in part]
    return ((path.parts[0], *networks[:1], path.name), (path.parts[0], path.suffix))


def make_a_second(results):
    """Simulate and convert one second of one sequence."""
    from avdistill.avia.dataset import DatasetDescription
    from avdistill.avia.raw_trees import RawTrees
    from avdistill.avia.vocabulary import ACTIONS, SCENARIOS
    from avdistill.files.manifest import write_manifest
    from avdistill.records.convert import Conversion, convert_sequence
    from avdistill.simulation.scene import KINDS
    from avdistill.simulation.simulate import simulate_sequence

    dataset = DatasetDescription("simulated", ACTIONS, SCENARIOS, 1, 1)
    sequence = dataset.sequences()[0]
    raw, records = results / "raw", results / "records"
    made = simulate_sequence(sequence, raw, dataset, seed=0, scenario_kinds=KINDS)
    files = {row.file: row for row in made}
    conversion = Conversion(
        RawTrees.below(raw), records, files, ("acoustic", "audio", "video"), (0,), 1
    )
    write_manifest(records / "manifest.csv", convert_sequence(conversion, sequence))
    write_manifest(raw / "manifest.csv", made)
    dataset.write(results / "dataset.json")


def main():
    """Print the figures."""
    parser = new_parser(__doc__, "scale.py plan --factors 1 10 100")
    parser.add_argument("what", nargs="?", choices=("plan", "run"), help="both if neither is named")
    parser.add_argument(
        "--factors", type=int, nargs="+", default=[1, 10, 100], help="how many times AVIA's"
    )
    parser.add_argument("--results", type=Path, default=Path("results"), help="of a finished run")
    arguments = parse(parser, {"factors": [1], "results": None})
    fewer = ("scopes=[all]", "training={seeds: [0]}") if arguments.quick else ()
    with tempfile.TemporaryDirectory() as name:
        results = arguments.results
        if results is None:
            results = Path(name)
            make_a_second(results)
        if arguments.what != "plan" and not (results / "records/manifest.csv").is_file():
            sys.exit(f"{results}: no finished run; make one, or name another with --results")
        for factor in arguments.factors:
            if arguments.what != "run":
                plan(factor, fewer)
            if arguments.what != "plan":
                run(factor, fewer, results)


if __name__ == "__main__":
    main()
