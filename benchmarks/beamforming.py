"""Beamforming of one frame against acoular and brute force, in one run.

CPU time with one BLAS thread; medians of repeats in turns, for all 512 frequencies and 36 x 48
directions. acoular is measured at six frequencies (492 Hz to 6 kHz) and taken to need as long for
each of the 512; its cross-spectral matrices are given and not counted.
"""

import time
import warnings

import brute_force
import numpy as np
from command_line import new_parser, parse
from threadpoolctl import threadpool_limits

from avdistill.simulation.acoustic_images import mel_filters
from avdistill.simulation.array import SPEED_OF_SOUND, microphone_positions, pixel_directions
from avdistill.simulation.beamforming import BIN_WIDTH, NUM_BINS, band_energies

BINS = np.array([41, 83, 167, 250, 375, 500])
FRAMES = 32  # beams are made of as many frames at once in a simulation


def acoular_beamformer(spectrum):
    """Build acoular's delay-and-sum for plane waves, and the spectrum of one frame.

    Parameters
    ----------
    spectrum : (bins, 128) complex128.
    """
    with warnings.catch_warnings():
        # It notes that it will use one thread, which is what is to be measured.
        warnings.filterwarnings("ignore", message="We detected that Numpy is already loaded")
        import acoular as ac
    ac.config.global_caching = "none"

    class PlaneWaves(ac.Environment):
        """Path lengths of plane waves from unit vectors in place of positions."""

        def apparent_r(self, gpos, mpos=0.0):
            return np.ones(gpos.shape[1]) if np.isscalar(mpos) else np.squeeze(1 - gpos.T @ mpos)

    steer = ac.SteeringVector(
        grid=ac.ImportGrid(pos=pixel_directions().reshape(-1, 3).T),
        mics=ac.MicGeom(pos_total=microphone_positions().T),
        env=PlaneWaves(c=SPEED_OF_SOUND),
        steer_type="classic",
    )
    csm = spectrum[:, :, None] * spectrum[:, None].conj()
    return lambda: ac.BeamformerBase(
        freq_data=ac.PowerSpectraImport(csm=csm, frequencies=BIN_WIDTH * BINS),
        steer=steer,
        r_diag=False,
        cached=False,
    )


def scene(rng):
    """Make a plane wave and each microphone's own noise 10 dB below it: (frames, 512, 128)."""
    wavenumbers = 2 * np.pi * BIN_WIDTH * np.arange(1, NUM_BINS + 1) / SPEED_OF_SOUND
    wave = np.exp(1j * wavenumbers[:, None] * (microphone_positions()[:, :2] @ (0.3, -0.1)))
    noise = rng.standard_normal((2, FRAMES, *wave.shape)) * np.sqrt(0.1 / 2)
    return wave + noise[0] + 1j * noise[1]


def main():
    """Measure and print."""
    parser = new_parser(__doc__, "beamforming.py --repeats 5")
    parser.add_argument("--repeats", type=int, default=5, help="repeats; medians are printed")
    arguments = parse(parser, {"repeats": 1})

    with threadpool_limits(1):
        spectra = scene(np.random.default_rng(0))
        single = spectra.astype(np.complex64)
        make_beamformer = acoular_beamformer(spectra[0, BINS - 1])
        acoular_maps = np.array([make_beamformer().synthetic(f, 0) for f in BIN_WIDTH * BINS])
        band_energies(single, mel_filters())
        times = []
        for _ in range(arguments.repeats):
            start = time.process_time()
            band_energies(single, mel_filters())
            ours = (time.process_time() - start) / FRAMES
            brute = brute_force.cpu_time_per_frame(
                spectra, mel_filters(), range(0, 512, 16), time.process_time
            )
            start = time.process_time()
            beamformer = make_beamformer()
            for frequency in BIN_WIDTH * BINS:
                beamformer.synthetic(frequency, 0)
            acoular = (time.process_time() - start) / len(BINS) * NUM_BINS
            times.append((ours, brute, acoular))
        ours, brute, acoular = np.median(times, axis=0) * 1e3
        print(f"ours: {ours:.2f} ms a frame")
        print(f"brute force: {brute:.1f} ms a frame, {brute / ours:.1f} times as long")
        print(f"acoular: {acoular:.0f} ms a frame, {acoular / ours:.0f} times as long")

        one_by_one = np.zeros((NUM_BINS, len(BINS)), np.float32)
        one_by_one[BINS - 1, np.arange(len(BINS))] = 1
        maps = {
            "ours": band_energies(single[:1], one_by_one),
            "brute force": brute_force.band_energies(spectra[:1], one_by_one),
        }
        for name, energies in maps.items():
            largest = [
                np.abs(brute_force.deviation(mine, acoular_map * 128**2, 30)).max()
                for mine, acoular_map in zip(
                    energies[:, None], acoular_maps[:, None, None], strict=True
                )
            ]
            listed = ", ".join(
                f"{frequency:.0f} Hz {value:.5f}"
                for frequency, value in zip(BIN_WIDTH * BINS, largest, strict=True)
            )
            print(f"{name} against acoular, largest difference in dB within 30 dB: {listed}")


if __name__ == "__main__":
    main()
