"""What AVIA, and 10, 100 and 1,000 times as much, cost besides computing: files, bytes, jobs, time.

    python benchmarks/scale.py [--factors 1 10 100] [--results results]

For each factor, with that many times AVIA's 378 sequences of 30 s: measured are a dry run of
`config/paper.yaml` (Snakemake's own time and memory, number of jobs), and how long the records'
manifest takes to merge and to read. Computed are files and bytes of each phase, from what a
finished run in `--results` has for each second of data; trained networks do not grow with the data.
"""

import argparse
import json
import os
import re
import subprocess
import sys
import tempfile
import time
from pathlib import Path

SUBJECTS, SEQUENCES, SECONDS = 9, 378, 30  # AVIA's
BATCH = 50  # sequences, the most that a job takes
GROWING = ("raw", "records", "vision")  # phases with files of their own for every second of data


def dry_run(factor):
    """Plan the paper's experiment; return jobs, seconds of wall time and of CPU, and MB."""
    with tempfile.TemporaryFile("w+") as output:
        start = time.monotonic()
        process = subprocess.Popen(
            [
                *(sys.executable, "-m", "snakemake", "--dry-run", "--quiet", "rules"),
                *("--configfile", "config/paper.yaml", "--config"),
                f"dataset={{subjects: {SUBJECTS * factor}, sequences_per_job: {BATCH}}}",
            ],
            stdout=output,
            stderr=subprocess.STDOUT,
        )
        _, status, usage = os.wait4(process.pid, 0)
        wall = time.monotonic() - start
        output.seek(0)
        text = output.read()
    total = re.search(r"^total +(\d+)$", text, re.MULTILINE)
    if status or total is None:
        sys.exit(f"the dry run failed:\n{text[-2000:]}")
    cpu = usage.ru_utime + usage.ru_stime
    return int(total[1]), wall, cpu, usage.ru_maxrss / 1024


def manifest(factor):
    """Return seconds of merging the records' manifest from its batches', and of reading it."""
    from avdistill.manifest import ManifestRow, merge_manifests, read_manifest, write_manifest

    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        batches = []
        for first in range(0, SEQUENCES * factor, BATCH):
            rows = [
                ManifestRow(sequence, f"{sequence}/Data_{second:03d}.tfrecord", 10**6, "0" * 64)
                for number in range(first, min(first + BATCH, SEQUENCES * factor))
                for sequence in [f"Location_01/Subject_{number:06d}/Action_001"]
                for second in range(1, SECONDS + 1)
            ]
            batches.append(folder / f"{first:07d}.csv")
            write_manifest(batches[-1], rows)
        start = time.process_time()
        write_manifest(folder / "manifest.csv", merge_manifests(batches))
        merged = time.process_time()
        read_manifest(folder / "manifest.csv")
        return merged - start, time.process_time() - merged


def growth(results):
    """Return files and bytes of each growing phase for each second of a finished run's data."""
    dataset = json.loads((results / "dataset.json").read_text())
    records = len((results / "records/manifest.csv").read_text().splitlines()) - 1
    print(f"per second of data, from {records} s ({dataset['source']}) in {results}:")
    for phase in GROWING:
        files = [path for path in (results / phase).rglob("*") if path.is_file()]
        size = sum(path.stat().st_size for path in files)
        yield phase, len(files) / records, size / records


def main():
    """Print the tables."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--factors", type=int, nargs="+", default=[1, 10, 100])
    parser.add_argument("--results", type=Path, default=Path("results"), help="of a finished run")
    arguments = parser.parse_args()

    for phase, files, size in growth(arguments.results):
        print(f"  {phase}: {files:.1f} files, {size / 1e6:.2f} MB; of AVIA and more:")
        for factor in arguments.factors:
            seconds = SEQUENCES * SECONDS * factor
            print(f"    x {factor}: {files * seconds:,.0f} files, {size * seconds / 1e9:,.0f} GB")
    print("dry run of config/paper.yaml, and the manifest of the records:")
    for factor in arguments.factors:
        jobs, wall, cpu, memory = dry_run(factor)
        merging, reading = manifest(factor)
        print(
            f"  x {factor}: {SEQUENCES * factor:,} sequences, {jobs:,} jobs;"
            f" {wall:.1f} s ({cpu:.1f} s CPU), {memory:,.0f} MB;"
            f" manifest merged in {merging:.2f} s, read in {reading:.2f} s CPU",
            flush=True,
        )


if __name__ == "__main__":
    main()
