"""CPU time of the simulation, per frame: each kind of scenario, each part of the work.

Prints milliseconds of CPU time a frame with one BLAS thread, files written included, and the mean
over equal numbers of frames of the three scenarios, which is to be at most 30 ms; the exit status
is 1 if it is more.
"""

import sys
import tempfile
import time
from collections import Counter
from pathlib import Path
from unittest import mock

from command_line import new_parser, parse
from threadpoolctl import threadpool_limits
from tqdm import tqdm

from avdistill.avia.dataset import DatasetDescription
from avdistill.avia.vocabulary import ACTIONS, FRAMES_PER_SECOND, SCENARIOS
from avdistill.simulation import simulate
from avdistill.simulation.scene import KINDS

BUDGET = 30  # ms of CPU time a frame
PARTS = {
    "compose_world": "sounds and scene",
    "record_array": "propagation",
    "acoustic_images": "acoustic images",
    "render_frames": "video",
}


def main() -> int:
    """Measure; return 1 when the mean is above the budget."""
    parser = new_parser(__doc__, "simulation.py --seconds 5")
    parser.add_argument("--seconds", type=int, default=5, help="length of each sequence")
    parser.add_argument("--actions", type=int, default=len(ACTIONS), help="how many of the 14")
    parser.add_argument("--seed", type=int, default=0, help="of the simulation")
    arguments = parse(parser, {"seconds": 1, "actions": 1})
    actions = ACTIONS[: arguments.actions]
    dataset = DatasetDescription("simulated", actions, SCENARIOS, 1, arguments.seconds)
    spent = {kind: Counter() for kind in KINDS}

    def timed(name, function):
        def call(*args, **kwargs):
            begin = time.process_time()
            result = function(*args, **kwargs)
            result = list(result) if name == "render_frames" else result
            spent[kind][PARTS[name]] += time.process_time() - begin
            return result

        return call

    patches = [
        mock.patch.object(simulate, name, timed(name, getattr(simulate, name))) for name in PARTS
    ]
    with tempfile.TemporaryDirectory() as folder, threadpool_limits(1):
        root = Path(folder)
        for patch in patches:
            patch.start()
        kind = KINDS[0]
        simulate.simulate_sequence(
            dataset.sequences()[0], root, dataset, seed=arguments.seed, scenario_kinds=KINDS
        )  # what is cached in memory once for a process is not counted
        spent[kind].clear()
        for sequence in tqdm(dataset.sequences(), unit="sequence"):
            kind = KINDS[sequence.location - 1]
            begin = time.process_time()
            simulate.simulate_sequence(
                sequence, root, dataset, seed=arguments.seed, scenario_kinds=KINDS
            )
            spent[kind]["all"] += time.process_time() - begin
        size = sum(path.stat().st_size for path in root.rglob("*") if path.is_file())
        jpegs = [path.stat().st_size for path in root.rglob("*.jpeg")]

    frames = len(actions) * arguments.seconds * FRAMES_PER_SECOND
    columns = [*PARTS.values(), "files and the rest", "all"]
    print(f"CPU ms a frame, {frames} frames a scenario\n")
    print(f"{'':10s}" + "".join(f"{column:>20s}" for column in columns))
    for kind, times in spent.items():
        times["files and the rest"] = 2 * times["all"] - sum(times.values())
        values = (1e3 * times[column] / frames for column in columns)
        print(f"{kind:10s}" + "".join(f"{value:20.2f}" for value in values))
    mean = 1e3 * sum(times["all"] for times in spent.values()) / (3 * frames)
    print(f"\nmean over the scenarios: {mean:.2f} ms a frame, to be at most {BUDGET}")
    jpeg = sum(jpegs) / len(jpegs)
    print(f"on disk: {size / 3e3 / frames:.1f} kB a frame, of it JPEG {jpeg / 1e3:.1f} kB")
    return int(mean > BUDGET and not arguments.quick)


if __name__ == "__main__":
    sys.exit(main())
