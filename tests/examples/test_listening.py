"""What a student hears in sound files."""

import numpy as np
import soundfile

from avdistill.examples.listening import read_windows


def test_a_silent_window_between_sounds_stays_silent(tmp_path):
    rng = np.random.default_rng(0)
    sound = np.zeros(15 * 16_000)
    sound[: 5 * 16_000] = 0.5 * rng.standard_normal(5 * 16_000).clip(-1, 1)
    sound[10 * 16_000 :] = sound[: 5 * 16_000]
    soundfile.write(tmp_path / "gap.wav", sound, 16_000)
    first, silent, last = read_windows(tmp_path / "gap.wav", 5)
    assert first.any()
    assert last.any()
    assert not silent.any()
