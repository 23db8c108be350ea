import numpy as np
import pytest
import soundfile

from avdistill.errors import InputError
from avdistill.records.audio import SilentCropWarning, scale_waveform
from avdistill.transfer import clips
from avdistill.transfer.clips import (
    Clip,
    measure_clips,
    read_clip,
    waveform_batches,
    windows_of,
)

RATE = 12288
WHOLE = 5 * 22050


def sine(seconds: float, rate: int = RATE, frequency: int = 512) -> np.ndarray:
    return 0.5 * np.sin(2 * np.pi * frequency * np.arange(round(seconds * rate)) / rate)


def window_of(samples, rate):
    (window,) = windows_of(samples, rate)
    return window


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


def test_a_silent_window_stays_zeros_whatever_follows(tmp_path):
    sound = np.concatenate([np.zeros(5 * 44100), sine(1, 44100)])
    assert not windows_of(sound, 44100).any()
    first, second = windows_of(sound, 44100, 2)
    assert not first.any()
    assert second.any()
    clip = write(tmp_path, "late.wav", sound, 44100)
    with pytest.warns(SilentCropWarning, match=r"late\.wav: silent"):
        (batch,) = waveform_batches([clip])
    assert not batch.any()


def test_windows_follow_each_other():
    whole = np.concatenate([sine(5), sine(5, frequency=1024)])
    windows = windows_of(whole, RATE, 2)
    assert windows.shape == (2, WHOLE)
    for window, frequency in zip(windows, (512, 1024), strict=True):
        alone = window_of(sine(5, frequency=frequency), RATE)
        np.testing.assert_allclose(window[500:-500], alone[500:-500], atol=1e-3)


def write(folder, name, sound, rate):
    soundfile.write(folder / name, sound, rate)
    return measure_clips(folder, [Clip(name, "x", 1, "1")])[0]


@pytest.mark.parametrize("windows", [1, 2])
def test_batches_hold_every_window_scaled_on_its_own(tmp_path, monkeypatch, windows):
    monkeypatch.setattr(clips, "_CLIPS_AT_ONCE", 2)
    sounds = [np.concatenate([sine(5, frequency=300 * n), 0.1 * sine(5)]) for n in (1, 2, 3)]
    listed = [write(tmp_path, f"{n}.wav", sound, RATE) for n, sound in enumerate(sounds)]
    batches = list(waveform_batches(listed, windows))
    assert [batch.shape for batch in batches] == [(2 * windows, WHOLE), (windows, WHOLE)]
    np.testing.assert_allclose(np.abs(np.concatenate(batches)).max(axis=1), 256, rtol=1e-6)
    expected = scale_waveform(windows_of(*read_clip(listed[2]), windows)[-1])
    np.testing.assert_array_equal(batches[1][-1], expected)


@pytest.mark.parametrize("content", [b"", b"RIFF" + bytes(100)])
def test_what_is_no_sound_file_is_not_listed(tmp_path, content):
    (tmp_path / "a.wav").write_bytes(content)
    with pytest.raises(InputError, match=r"a\.wav: cannot be read as sound"):
        measure_clips(tmp_path, [Clip("a.wav", "x", 1, "1")])


def test_missing_and_changed_files_are_refused(tmp_path):
    clip = write(tmp_path, "a.wav", sine(1), RATE)
    soundfile.write(tmp_path / "a.wav", sine(1, frequency=600), RATE)
    with pytest.raises(InputError, match="not the file that was listed"):
        read_clip(clip)
    (tmp_path / "a.wav").unlink()
    with pytest.raises(InputError, match="cannot be read"):
        read_clip(clip)
