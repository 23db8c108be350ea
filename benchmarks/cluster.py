"""What a cluster gains and what it costs, on a real Slurm of virtual nodes on this machine.

`grid` (about 15 minutes): how the wall time of a student's grid falls from one node to three. Its
jobs are SIMULATED: each sleeps for a known time, so that nodes share no processor. What is real:
Snakemake, the profile workflow/profiles/slurm, Slurm, and so what every job costs beside its work.
`overhead` (seconds): that cost against the work of every rule in a finished run, by its benchmarks.
`smoke` (about 10 minutes): config/smoke.yaml in a clone of this repository, as committed. The nodes
share this machine's processors, so it shows that it works and in how long, not how it scales.

`--quick` (a minute) does all three in small: a grid of two jobs of a second on two nodes, their
cost against their work, and the first job of config/micro.yaml in a clone. It looks for jobs
that have ended more often than a real cluster should be asked.

All but `overhead` need root and Slurm (`python tests/engines/slurm.py install`). Without these
`--quick` is skipped, and fails where the environment variable AVDISTILL_REQUIRE_ENGINES is 1.
"""

import math
import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import pandas as pd
import yte
from command_line import new_parser, parse

from avdistill.figures.style import VERMILION, new_figure, save_figure, style

PROJECT = Path(__file__).parents[1]
CLUSTER = PROJECT / "tests/engines/slurm.py"
PROFILE = PROJECT / "workflow/profiles/slurm"
SLICES = """\
rule all:
    input:
        expand("slice{{slice}}", slice=range({jobs})),


rule search_grid:
    output:
        "slice{{slice}}",
    benchmark:
        "results/benchmarks/search_grid/{{slice}}.tsv"
    threads: {cpus}
    resources:
        mem_mb=1000,
        runtime=60,
    shell:
        "sleep {seconds}; hostname > {{output}}"
"""
CPUS = 4  # of a node; a simulated job takes all, as training takes a node
BESIDE = 9  # s a job beside its work, from `grid`
# Of Snakemake, for `--quick`: seconds until it first asks what has ended, and how often it may.
SOON = ("--slurm-init-seconds-before-status-checks", "8", "--max-status-checks-per-second", "10")


def missing() -> str | None:
    """Say what this machine lacks for a cluster, if anything."""
    path = f"{os.environ['PATH']}:/usr/sbin"  # Debian's servers are on root's path only
    if os.getuid() != 0 or shutil.which("slurmctld", path=path) is None:
        return "a virtual cluster needs root and Slurm (python tests/engines/slurm.py install)"
    return None


@contextmanager
def cluster(folder: Path, nodes: int) -> Iterator[dict[str, str]]:
    """Run a cluster while the block does; give the environment in which it is the one found."""
    if message := missing():
        sys.exit(message)
    start = [sys.executable, CLUSTER, "start", folder, "--nodes", str(nodes), "--cpus", str(CPUS)]
    subprocess.run(start, check=True)
    try:
        yield {**os.environ, "PATH": f"{folder / 'bin'}:{os.environ['PATH']}"}
    finally:
        subprocess.run([sys.executable, CLUSTER, "stop", folder], check=True)


def timed_run(folder: Path, environment: dict[str, str], *options: str | Path) -> float:
    """Run Snakemake with the profile for Slurm; return seconds of wall time."""
    command = [sys.executable, "-m", "snakemake", "--profile", PROFILE, *options]
    log = folder / "benchmark.log"
    start = time.monotonic()
    with log.open("w") as file:
        run = subprocess.run(
            command, cwd=folder, env=environment, stdout=file, stderr=file, check=False
        )
    if run.returncode:
        sys.exit(f"Snakemake failed:\n{log.read_text()[-4000:]}")
    return time.monotonic() - start


def run_grid(
    scratch: Path, jobs: int, seconds: int, nodes: Sequence[int], options: Sequence[str] = ()
) -> dict[int, float]:
    """Run the same simulated jobs on clusters of several sizes, in `nodes…/run` below `scratch`.

    Returns
    -------
    Seconds of wall time for each number of nodes.
    """
    print(f"{jobs} SIMULATED jobs of {seconds} s, each alone on its node\n")
    print(
        "nodes  wall s  work/nodes s  beside the work, s a job  of that on its node  times faster"
    )
    walls: dict[int, float] = {}
    for count in nodes:
        folder = scratch / f"nodes{count}/run"
        folder.mkdir(parents=True)
        text = SLICES.format(jobs=jobs, cpus=CPUS, seconds=seconds)
        (folder / "Snakefile").write_text(text)
        with cluster(folder.with_name("cluster"), count) as environment:
            wall = timed_run(folder, environment, *options)
            held = seconds_in_slurm(folder.with_name("cluster") / "jobs.txt")
        walls[count] = wall
        ideal = math.ceil(jobs / count) * seconds
        beside = (wall - ideal) / math.ceil(jobs / count)
        on_node = sum(held) / len(held) - seconds
        print(
            f"{count:5}  {wall:6.0f}  {ideal:12}  {beside:23.1f}  {on_node:19.1f}"
            f"  {walls[nodes[0]] / wall:12.2f}",
            flush=True,
        )
    return walls


def grid(jobs: int, seconds: int, nodes: list[int], figure: Path | None) -> None:
    """Run simulated jobs on clusters of several sizes, and draw how long they took."""
    with tempfile.TemporaryDirectory() as scratch:
        walls = run_grid(Path(scratch), jobs, seconds, nodes)
    if figure:
        draw_grid(jobs, seconds, walls, figure)


def draw_grid(jobs: int, seconds: int, walls: dict[int, float], path: Path) -> None:
    """Draw wall time, s, against the number of nodes, with what the jobs alone would take."""
    with style():
        drawing = new_figure(4.5, 3)
        axes = drawing.subplots()
        axes.bar(walls.keys(), [wall / 60 for wall in walls.values()], 0.5, color="0.75")
        for count, wall in walls.items():
            work = math.ceil(jobs / count) * seconds / 60
            label = "the jobs alone" if count == min(walls) else None
            axes.hlines(work, count - 0.3, count + 0.3, color=VERMILION, linewidth=2, label=label)
            axes.annotate(f"{wall / 60:.1f}", (count, wall / 60), ha="center", va="bottom")
        axes.set_title(f"A grid of {jobs} SIMULATED jobs of {seconds} s")
        axes.set_xlabel("nodes, one job at a time on each")
        axes.set_ylabel("wall time, minutes")
        axes.set_xticks(list(walls))
        axes.legend()
        save_figure(drawing, path)


def run_workflow(name: str, nodes: int, options: Sequence[str] = ()) -> None:
    """Run a configuration on a cluster, in a clone."""
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch) / "clone"
        subprocess.run(["git", "clone", "--quiet", PROJECT, folder], check=True)
        with cluster(Path(scratch) / "cluster", nodes) as environment:
            wall = timed_run(folder, environment, "--configfile", f"config/{name}.yaml", *options)
            held = seconds_in_slurm(Path(scratch) / "cluster/jobs.txt")
        local = local_rules()
        work = [
            seconds
            for rule, jobs in work_of_rules(folder / "results").items()
            if rule not in local
            for seconds in jobs
        ]
    print(f"{name} on {nodes} virtual nodes of one machine: {wall / 60:.1f} minutes")
    print(f"{len(held)} jobs for Slurm had their cores for {sum(held):.0f} s; what they were for,")
    print(f"{len(work)} rules' jobs, took {sum(work):.0f} s (figures and tables four at once)")


def smoke(nodes: int) -> None:
    """Run the smoke configuration on a cluster, in a clone."""
    run_workflow("smoke", nodes)


def quick() -> None:
    """Do everything in small."""
    if message := missing():
        if os.environ.get("AVDISTILL_REQUIRE_ENGINES") == "1":
            sys.exit(message)
        print(f"skipped: {message}")
        return
    with tempfile.TemporaryDirectory() as scratch:
        run_grid(Path(scratch), jobs=2, seconds=1, nodes=[2], options=SOON)
        print()
        overhead(Path(scratch) / "nodes2/run/results", BESIDE)
        print()
    run_workflow("micro", nodes=1, options=(*SOON, "--", "results/raw/batches/00000.csv"))


def seconds_in_slurm(completed: Path) -> list[float]:
    """Return for how long every job had its cores, from Slurm's own list of those that ended."""
    spans = re.findall(r"StartTime=(\S+) EndTime=(\S+)", completed.read_text())
    return [(pd.Timestamp(end) - pd.Timestamp(start)).total_seconds() for start, end in spans]


def work_of_rules(results: Path) -> dict[str, list[float]]:
    """Return what every job of a finished run took, s, by rule, from its benchmarks."""
    work = defaultdict(list)
    for file in sorted((results / "benchmarks").rglob("*.tsv")):
        rule = file.relative_to(results / "benchmarks").parts[0].removesuffix(".tsv")
        work[rule].append(float(pd.read_csv(file, sep="\t")["s"].iloc[0]))
    if not work:
        sys.exit(f"{results}/benchmarks: no benchmarks; name the results of a finished run")
    return work


def local_rules() -> list[str]:
    """Return the rules that run where the workflow is started, not on the cluster."""
    texts = [file.read_text() for file in sorted((PROJECT / "workflow/rules").glob("*.smk"))]
    rules = [part for text in texts for part in re.split(r"(?m)^ *rule ", text)[1:]]
    return [rule.split(":")[0] for rule in rules if "localrule: True" in rule]


def overhead(results: Path, beside: float) -> None:
    """Set what a job costs beside its work against the work, alone and in the profile's groups."""
    profile = yte.process_yaml((PROFILE / "config.yaml").read_text(), require_use_yte=True)
    rows = []
    for rule, seconds in work_of_rules(results).items():
        group = profile["groups"].get(rule, rule)
        rows.append({"submitted as": group, "jobs": len(seconds), "work": sum(seconds)})
    table = pd.DataFrame(rows).groupby("submitted as").sum()
    sizes = {**profile["group-components"], "batches": 2}  # simulation and conversion of a batch
    table["for Slurm"] = [
        math.ceil(jobs / sizes.get(group, 1)) for group, jobs in table["jobs"].items()
    ]
    table.loc[table.index.isin(local_rules()), "for Slurm"] = 0
    for column, count in (("single, %", "jobs"), ("as set, %", "for Slurm")):
        table[column] = 100 * beside * table[count] / table["work"]
    table = table.sort_values("work", ascending=False)
    print(f"work in s; cost of a job beside its work, {beside} s, in % of the work\n")
    print(table.to_string(float_format="%.0f"))
    total = table.sum()
    print(
        f"\n{total['jobs']:.0f} jobs, {total['for Slurm']:.0f} for Slurm, {total['work']:.0f} s of"
        f" work: {100 * beside * total['jobs'] / total['work']:.0f} % beside it if single,"
        f" {100 * beside * total['for Slurm'] / total['work']:.0f} % as set"
    )


def main() -> None:
    """Do what the command line asks for."""
    parser = new_parser(__doc__, "cluster.py grid --jobs 6 --seconds 120 --nodes 1 2 3")
    verbs = parser.add_subparsers(metavar="{grid,overhead,smoke}")
    verb = verbs.add_parser("grid", help="simulated jobs on one, two and three nodes")
    verb.add_argument("--jobs", type=int, default=12, help="how many")
    verb.add_argument("--seconds", type=int, default=30, help="that each job sleeps")
    verb.add_argument("--nodes", type=int, nargs="+", default=[1, 2, 3], help="of each cluster")
    verb.add_argument("--figure", type=Path, help="PNG file to draw the table into, SVG beside")
    verb.set_defaults(run=grid)
    verb = verbs.add_parser("overhead", help="what jobs cost beside their work, in a finished run")
    verb.add_argument("results", type=Path, help="folder of that run")
    verb.add_argument("--beside", type=float, default=BESIDE, help="s a job, from `grid`")
    verb.set_defaults(run=overhead)
    verb = verbs.add_parser("smoke", help="the whole workflow on a cluster")
    verb.add_argument("--nodes", type=int, default=3, help="of the cluster")
    verb.set_defaults(run=smoke)
    options = vars(parse(parser, {}))
    is_quick, run = options.pop("quick"), options.pop("run", None)
    if is_quick == (run is not None):
        parser.error("name one of grid, overhead and smoke, or --quick alone")
    if is_quick:
        quick()
    else:
        run(**options)


if __name__ == "__main__":
    main()
