"""Propagation to 128 microphones against pyroomacoustics and exact delays, in one run.

CPU time with one BLAS thread; medians of repeats in turns. pyroomacoustics simulates the same
sources, microphones and walls, its high-pass at 10 Hz switched off.
"""

import time

import numpy as np
from command_line import new_parser, parse
from threadpoolctl import threadpool_limits

from avdistill.avia.vocabulary import FRAMES_PER_SECOND, SAMPLE_RATE
from avdistill.simulation.array import SPEED_OF_SOUND, microphone_positions
from avdistill.simulation.propagation import Room, diffuse_field, free_field, shoebox

POSITIONS = np.array([[0.4, -0.1, 3.0], [-1.2, 0.2, 3.8], [1.5, 0.1, 4.5]])
OFFICE = Room((7.5, 6.0, 2.9), (3.6, 0.6, 1.5), 0.0, (0.3, 0.2, 0.45, 0.15, 0.1, 0.6))
WALLS = ("west", "east", "south", "north", "floor", "ceiling")


def exact_delays(signal, position, microphones):
    """Delays by phase, in double precision."""
    distance = np.linalg.norm(position - microphones, axis=1)
    length = len(signal) + SAMPLE_RATE
    frequencies = np.fft.rfftfreq(length, 1 / SAMPLE_RATE)
    spectrum = np.fft.rfft(signal, length)
    result = np.empty((len(signal), len(microphones)))
    for column, path in enumerate(distance):
        delayed = spectrum * np.exp(-2j * np.pi * frequencies * path / SPEED_OF_SOUND) / path
        result[:, column] = np.fft.irfft(delayed, length)[: len(signal)]
    return result


def by_pyroomacoustics(room, sources, signals, microphones):
    """Let pyroomacoustics simulate: (n, m) float."""
    import pyroomacoustics as pra

    pra.constants.set("rir_hpf_enable", False)
    if room is None:
        other = pra.AnechoicRoom(dim=3, fs=SAMPLE_RATE)
    else:
        walls = dict(zip(WALLS, map(pra.Material, room.absorption), strict=True))
        other = pra.ShoeBox(
            room.dimensions, fs=SAMPLE_RATE, max_order=room.max_order, materials=walls
        )
    for source, signal in zip(sources, signals, strict=True):
        other.add_source(source, signal=signal)
    other.add_microphone_array(microphones.T)
    other.simulate()
    offset = pra.constants.get("frac_delay_length") // 2
    return other.mic_array.signals[:, offset : offset + signals.shape[1]].T


def waves_one_by_one(rng, num_samples, microphones):
    """Diffuse noise from 64 sources far away, each delayed by itself."""
    result = np.zeros((num_samples, len(microphones)), np.float32)
    directions = rng.standard_normal((64, 3))
    for direction in directions / np.linalg.norm(directions, axis=1, keepdims=True):
        signal = 1000 / 8 * rng.standard_normal(num_samples)
        free_field(signal, 1000 * direction, microphones, add_to=result)
    return result


def compare(title, num_frames, repeats, functions):
    """Time functions by name in turns, the first ours; print medians and ratios.

    Returns
    -------
    dict, what each function returned.
    """
    results, times = {}, {name: [] for name in functions}
    for repeat in range(repeats + 1):  # the first is for warming up
        for name, function in functions.items():
            start = time.process_time()
            results[name] = function()
            if repeat:
                times[name].append((time.process_time() - start) / num_frames * 1e3)
    medians = {name: np.median(values) for name, values in times.items()}
    ours = next(iter(medians.values()))
    print(title)
    for name, median in medians.items():
        print(f"  {name}: {median:.2f} ms a frame, {median / ours:.1f} times ours")
    return results


def decibels(difference, reference):
    """Energy of a difference below that of its reference."""
    return 10 * np.log10(np.sum(np.square(difference)) / np.sum(np.square(reference)))


def main():
    """Measure and print."""
    parser = new_parser(__doc__, "propagation.py --seconds 10 --repeats 3")
    parser.add_argument("--seconds", type=int, default=10, help="length of the signals")
    parser.add_argument("--repeats", type=int, default=3, help="repeats; medians are printed")
    arguments = parse(parser, {"seconds": 1, "repeats": 1})

    num_samples = arguments.seconds * SAMPLE_RATE
    num_frames = arguments.seconds * FRAMES_PER_SECOND
    microphones = microphone_positions()
    rng = np.random.default_rng(0)
    spectra = np.fft.rfft(rng.standard_normal((3, num_samples)) * np.hanning(num_samples))
    spectra[:, int(0.8 * spectra.shape[1]) :] = 0
    signals = np.fft.irfft(spectra, num_samples)  # up to 0.8 of the Nyquist frequency

    with threadpool_limits(1):
        results = compare(
            "free field, one source",
            num_frames,
            arguments.repeats,
            {
                "ours": lambda: free_field(signals[0], POSITIONS[0], microphones),
                "exact delays by FFT": lambda: exact_delays(signals[0], POSITIONS[0], microphones),
                "pyroomacoustics": lambda: by_pyroomacoustics(
                    None, POSITIONS[:1], signals[:1], microphones
                ),
            },
        )
        ours, exact, other = results.values()
        print(f"  ours differs from exact delays by {decibels(ours - exact, exact):.0f} dB,")
        print(f"  pyroomacoustics by {decibels(other - exact, exact):.0f} dB")

        for count in (1, 3):
            ours, other = compare(
                f"office, image sources to order 15, {count} source{'s' * (count > 1)}",
                num_frames,
                arguments.repeats,
                {
                    "ours": lambda count=count: shoebox(
                        signals[:count], POSITIONS[:count], OFFICE, microphones
                    ),
                    "pyroomacoustics": lambda count=count: by_pyroomacoustics(
                        OFFICE,
                        OFFICE.from_array(POSITIONS[:count]),
                        signals[:count],
                        OFFICE.from_array(microphones),
                    ),
                },
            ).values()
            print(f"  they differ by {decibels(ours - other, other):.0f} dB")

        compare(
            "diffuse field, 64 plane waves",
            num_frames,
            arguments.repeats,
            {
                "ours": lambda: diffuse_field(rng, num_samples, np.ones_like, microphones),
                "wave by wave": lambda: waves_one_by_one(rng, num_samples, microphones),
            },
        )


if __name__ == "__main__":
    main()
