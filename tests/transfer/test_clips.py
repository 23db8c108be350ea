import numpy as np
import pytest
import soundfile

from avdistill.errors import InputError
from avdistill.records.audio import SilentCropWarning, normalise, scale_waveform, spectrogram
from avdistill.transfer.clips import (
    list_clips,
    read_listed,
    spectrogram_batches,
    window_of,
)
from avdistill.transfer.esc10 import Clip

RATE = 12288
WHOLE = 5 * 22050


def sine(seconds: float, rate: int = RATE, frequency: int = 512) -> np.ndarray:
    return 0.5 * np.sin(2 * np.pi * frequency * np.arange(round(seconds * rate)) / rate)


def test_a_shorter_recording_starts_over():
    window = window_of(sine(1.25), RATE)  # whole periods, so that it goes on without a jump
    assert window.shape == (WHOLE,)
    assert window.dtype == np.float32
    np.testing.assert_allclose(window, window_of(sine(5), RATE), atol=1e-4)


def test_of_a_longer_recording_the_first_five_seconds_are_taken():
    late = np.concatenate([sine(5), sine(3, frequency=3000)])
    np.testing.assert_allclose(
        window_of(late, RATE)[:-200], window_of(sine(5), RATE)[:-200], atol=1e-3
    )


@pytest.mark.parametrize("rate", [8000, 22050, 44100, 48000])
def test_any_sample_rate_gives_the_same_sound(rate):
    window = window_of(sine(5, rate), rate)
    np.testing.assert_allclose(window[500:-500], window_of(sine(5), RATE)[500:-500], atol=2e-3)


def test_nothing_above_what_the_sensor_records_is_heard():
    high = window_of(sine(5, 44100, 9000), 44100)
    assert np.abs(high[500:-500]).max() < 1e-3


def test_five_silent_seconds_stay_zeros_whatever_follows(tmp_path):
    sound = np.concatenate([np.zeros(5 * 44100), sine(1, 44100)])
    assert not window_of(sound, 44100).any()
    clip = write(tmp_path, "late.wav", sound, 44100)
    bounds = (np.zeros(257, np.float32), np.ones(257, np.float32))
    with pytest.warns(SilentCropWarning, match=r"late\.wav: silent"):
        (batch,) = spectrogram_batches([clip], bounds, 32)
    assert not batch.any()


def write(folder, name, sound, rate):
    soundfile.write(folder / name, sound, rate)
    return list_clips(folder, [Clip(name, "x", 1, "1")])[0]


def test_batches_take_the_path_of_recorded_data(tmp_path):
    clips = [write(tmp_path, f"{n}.wav", sine(5, frequency=300 * n), RATE) for n in (1, 2, 3)]
    bounds = (np.full(257, 1, np.float32), np.full(257, 9, np.float32))
    batches = list(spectrogram_batches(clips, bounds, 2))
    assert [batch.shape for batch in batches] == [(2, 500, 257), (1, 500, 257)]
    expected = normalise(spectrogram(scale_waveform(read_listed(clips[2]))), *bounds)
    np.testing.assert_array_equal(batches[1][0], expected)


@pytest.mark.parametrize("content", [b"", b"RIFF" + bytes(100)])
def test_what_is_no_sound_file_is_not_listed(tmp_path, content):
    (tmp_path / "a.wav").write_bytes(content)
    with pytest.raises(InputError, match=r"a\.wav: cannot be read as sound"):
        list_clips(tmp_path, [Clip("a.wav", "x", 1, "1")])


def test_missing_and_changed_files_are_refused(tmp_path):
    clip = write(tmp_path, "a.wav", sine(1), RATE)
    soundfile.write(tmp_path / "a.wav", sine(1, frequency=600), RATE)
    with pytest.raises(InputError, match="not the file that was listed"):
        read_listed(clip)
    (tmp_path / "a.wav").unlink()
    with pytest.raises(InputError, match="cannot be read"):
        read_listed(clip)
