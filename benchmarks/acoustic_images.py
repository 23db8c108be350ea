"""Acoustic images: time of a frame, and deviation from brute force, in one run.

CPU time with one BLAS thread; medians of repeats in turns. The brute-force form steers to every
pixel at every frequency, in single precision; its tables, window, FFT, logarithm and DCT are not
counted, ours are all but the tables. Deviations are those of energies per mel band and pixel,
within 40 dB below the loudest of each frame.
"""

import time

import brute_force
import numpy as np
from command_line import new_parser, parse
from threadpoolctl import threadpool_limits

from avdistill.avia.vocabulary import SAMPLES_PER_FRAME
from avdistill.simulation.acoustic_images import acoustic_images, mel_energies, mel_filters
from avdistill.simulation.array import microphone_positions, unproject
from avdistill.simulation.beamforming import frequency_groups
from avdistill.simulation.propagation import Room, diffuse_field, free_field, shoebox

BUDGET = 4.0  # ms of CPU time a frame
TOLERANCE = 0.3  # dB
ROOM = Room((7.0, 6.0, 3.0), (3.5, 0.5, 1.5), 0.1, (0.2, 0.3, 0.2, 0.3, 0.1, 0.5))


def scenes(num_samples, rng):
    """Return noise heard in four surroundings, by name: (num_samples, 128) each."""
    microphones = microphone_positions()
    signals = rng.standard_normal((3, num_samples)) * np.array([[1.0], [0.5], [0.2]])
    places = [unproject(*rng.uniform((100, 80, 2), (540, 400, 4))) for _ in signals]
    several = np.zeros((num_samples, len(microphones)), np.float32)
    for signal, place in zip(signals, places, strict=True):
        free_field(signal, place, microphones, add_to=several)
    return {
        "one source": free_field(signals[0], places[0], microphones),
        "three sources": several,
        "diffuse": diffuse_field(rng, num_samples, lambda f: 1 / (1 + f / 400), microphones),
        "reverberant": shoebox(signals, np.array(places), ROOM, microphones),
    }


def main():
    """Measure and print."""
    parser = new_parser(__doc__, "acoustic_images.py --frames 96 --repeats 5")
    parser.add_argument("--frames", type=int, default=96, help="frames that are timed")
    parser.add_argument("--repeats", type=int, default=5, help="repeats; medians are printed")
    parser.add_argument("--seed", type=int, default=0, help="of the scenes")
    arguments = parse(parser, {"frames": 4, "repeats": 1})

    with threadpool_limits(1):
        start = time.process_time()
        frequency_groups()
        tables = time.process_time() - start

        rng = np.random.default_rng(arguments.seed)
        signals = scenes(arguments.frames * SAMPLES_PER_FRAME, rng)["reverberant"]
        spectra = brute_force.frame_spectra(signals[: 32 * SAMPLES_PER_FRAME])
        acoustic_images(signals)
        times = []
        for _ in range(arguments.repeats):
            start = time.process_time()
            acoustic_images(signals)
            ours = (time.process_time() - start) / arguments.frames
            theirs = brute_force.cpu_time_per_frame(
                spectra, mel_filters(), range(0, 512, 16), time.process_time
            )
            times.append((ours * 1e3, theirs * 1e3))
        ours, theirs = np.median(times, axis=0)
        print(f"tables, once a process: {tables:.2f} s")
        print(
            f"a frame: {ours:.2f} ms (budget {BUDGET:.0f} ms); brute force: "
            f"{theirs:.1f} ms, {theirs / ours:.1f} times as long"
        )

        short = scenes(2 * SAMPLES_PER_FRAME, rng)
        reference = brute_force.mel_energies(np.concatenate(list(short.values())))
        for index, (name, heard) in enumerate(short.items()):
            difference = brute_force.deviation(
                mel_energies(heard), reference[:, 2 * index : 2 * index + 2]
            )
            print(
                f"{name}: deviation at most {np.abs(difference).max():.4f} dB (allowed "
                f"{TOLERANCE} dB), rms {np.sqrt(np.mean(difference**2)):.5f} dB"
            )


if __name__ == "__main__":
    main()
