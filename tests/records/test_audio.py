"""From recorded samples to a network's input, against TensorFlow and the published code."""

from pathlib import Path

import numpy as np
import pytest

from avdistill.records import audio
from avdistill.records.crops import Crop, CropReader

RATE = audio.NETWORK_SAMPLE_RATE


def relative_rms(ours: np.ndarray, theirs: np.ndarray) -> float:
    return float(np.sqrt((np.abs(ours - theirs) ** 2).sum() / (np.abs(theirs) ** 2).sum()))


@pytest.mark.parametrize("seconds", [1, 5, 30])
def test_whole_seconds_stay_whole(seconds: int):
    resampled = audio.resample(np.ones(12_288 * seconds), 12_288, RATE)
    assert resampled.shape == (RATE * seconds,)
    assert resampled.dtype == np.float32


def test_length_of_any_signal():
    assert audio.resample(np.zeros(1000, np.int16), 44_100, 12_288).shape == (279,)
    assert audio.resample(np.ones(7, np.float64), 8000, 8000).shape == (7,)


@pytest.mark.parametrize("frequency", [100, 1000, 5000])
def test_a_tone_stays_what_it_is(frequency: float):
    tone = np.sin(2 * np.pi * frequency * np.arange(12_288) / 12_288)
    expected = np.sin(2 * np.pi * frequency * np.arange(RATE) / RATE)
    error = audio.resample(tone, 12_288, RATE) - expected
    assert np.abs(error[2000:-2000]).max() < 1e-3


def test_seconds_in_which_anything_was_recorded_are_sounding():
    recorded = np.zeros(25, np.int32)
    recorded[[9, 24]] = -(2**31)
    assert audio.sounding_seconds(recorded, 10).tolist() == [True, False, True]
    assert audio.sounding_seconds(recorded[:20], 10).tolist() == [True, False]


def test_a_window_in_which_nothing_was_recorded_is_silent_although_the_resampler_rings():
    recorded = np.random.default_rng(0).normal(size=4 * 12_288)
    recorded[12_288 : 3 * 12_288] = 0
    signal = audio.resample(recorded, 12_288, RATE)
    sounding = audio.sounding_seconds(recorded, 12_288)
    assert signal[RATE : 2 * RATE].any()
    window = audio.cut_window(signal, sounding, 1, 2)
    assert window.shape == (2 * RATE,)
    assert window.dtype == np.float32
    assert not window.any()
    for start in (0, 2):
        expected = signal[start * RATE : (start + 2) * RATE]
        np.testing.assert_array_equal(audio.cut_window(signal, sounding, start, 2), expected)
    np.testing.assert_array_equal(audio.cut_window(signal, sounding, 3, 2), signal[3 * RATE :])


def test_scaling():
    scaled = audio.scale_waveform(np.array([0.1, -0.4, 0.2], np.float32))
    np.testing.assert_allclose(scaled, [64, -256, 128], rtol=1e-6)
    assert scaled.dtype == np.float32
    tiny = audio.scale_waveform(np.array([0, -1e-40, 5e-41], np.float32))
    assert np.isfinite(tiny).all()
    assert np.abs(tiny).max() == 256


def test_zeros_stay_zeros_with_a_warning():
    with pytest.warns(audio.SilentCropWarning, match="clip: silent, stays zeros"):
        scaled = audio.scale_waveform(np.zeros(10, np.float32), "clip")
    np.testing.assert_array_equal(scaled, np.zeros(10))


def test_spectrogram_is_tensorflows():
    import tensorflow as tf

    waveform = np.random.default_rng(0).normal(size=5 * RATE).astype(np.float32)
    expected = np.abs(tf.signal.stft(waveform, 440, 220, 512, tf.signal.hann_window))
    ours = audio.spectrogram(waveform)
    assert ours.shape == expected.shape == (500, 257)
    assert ours.dtype == np.float32
    np.testing.assert_allclose(ours, expected, atol=1e-5 * expected.max())


@pytest.mark.parametrize("seconds", [1, 2, 5, 30])
def test_spectrogram_has_100_frames_a_second(seconds: int):
    assert audio.spectrogram(np.ones(seconds * RATE, np.float32)).shape == (100 * seconds, 257)


def test_a_tone_stands_in_its_bin():
    tone = np.sin(2 * np.pi * 100 * RATE / 512 * np.arange(5 * RATE) / RATE)
    assert (audio.spectrogram(tone.astype(np.float32)).argmax(axis=1) == 100).all()


def test_normalisation_is_guarded_against_equal_bounds():
    spectrogram = np.array([[1, 5, 3], [3, 5, 4]], np.float32)
    normalised = audio.normalise(spectrogram, audio.Statistics([1, 5, 3], [3, 5, 5]))
    np.testing.assert_array_equal(normalised, [[0, 0, 0], [1, 0, 0.5]])
    assert normalised.dtype == np.float32


@pytest.fixture
def recorded(shared: Path, tmp_path: Path) -> tuple[Path, dict[str, np.ndarray]]:
    """Records of the published converter as one sequence, and what its loader yields for them."""
    published = shared / "published_code" / "records"
    folder = tmp_path / "Location_01" / "Subject_01" / "Action_001"
    folder.mkdir(parents=True)
    for second in range(1, 6):
        (folder / f"Data_{second:03d}.tfrecord").symlink_to(
            published / f"audio_{second:03d}.tfrecord"
        )
    with np.load(published / "loader.npz", allow_pickle=False) as loader:
        return tmp_path, dict(loader)


def kaiser_best(signal: np.ndarray, from_rate: int, to_rate: int) -> np.ndarray:
    """Resample as resampy 0.2.1's kaiser_best, whose window later versions narrowed."""
    import resampy
    from scipy.signal.windows import kaiser

    return resampy.resample(
        signal.astype(np.float64),
        from_rate,
        to_rate,
        filter="sinc_window",
        num_zeros=64,
        precision=9,
        rolloff=0.9475937167399596,
        window=lambda length: kaiser(length, 14.769656459379492),
    ).astype(np.float32)


def test_published_loader_with_its_resampler(
    recorded: tuple[Path, dict], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture
):
    pytest.importorskip("resampy")
    records, loader = recorded
    monkeypatch.setattr(audio, "resample", kaiser_best)
    crop = Crop("Location_01/Subject_01/Action_001", 0)
    for modality in ("waveform", "spectrogram"):
        theirs = loader[f"{modality}_5s"]
        ours = CropReader(records, modality=modality, length=5).read(crop)
        assert ours.shape == theirs.shape
        difference = np.abs(ours - theirs).max() / np.abs(theirs).max()
        with capsys.disabled():
            print(f"\n{modality}, kaiser_best: largest difference / largest {difference:.1e}")
        assert difference <= 1e-3


def test_normalised_the_published_loaders_spectrogram_is_ours_as_far_as_the_sensor_records(
    recorded: tuple[Path, dict], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture
):
    """Above the sensor's Nyquist frequency both are amplified rounding errors, each its own."""
    pytest.importorskip("resampy")
    records, loader = recorded
    monkeypatch.setattr(audio, "resample", kaiser_best)
    crop = Crop("Location_01/Subject_01/Action_001", 0)
    ours = CropReader(records, modality="spectrogram", length=5).read(crop)
    ours, theirs = (
        audio.normalise(one, audio.Statistics(one.min(axis=0), one.max(axis=0)))
        for one in (ours, loader["spectrogram_5s"])
    )
    recorded_bins, noise = np.s_[:, : audio.FIRST_NOISE_BIN], np.s_[:, audio.FIRST_NOISE_BIN :]
    below, above = (relative_rms(ours[bins], theirs[bins]) for bins in (recorded_bins, noise))
    with capsys.disabled():
        print(
            f"\nnormalised spectrogram, relative RMS difference: up to 6,144 Hz {below:.1e}, "
            f"above {above:.2f} (our mean there: {ours[noise].mean():.2f})"
        )
    assert below <= 1e-3
    assert above > 0.05
    assert ours[noise].mean() > 0.1  # as loud, to the network, as what was recorded


def test_published_loader_with_our_resampler(
    recorded: tuple[Path, dict], capsys: pytest.CaptureFixture
):
    records, loader = recorded
    crop = Crop("Location_01/Subject_01/Action_001", 0)
    waveform = CropReader(records, modality="waveform", length=5).read(crop)
    below = np.fft.rfftfreq(len(waveform), 1 / RATE) < 5500
    difference = relative_rms(
        np.fft.rfft(waveform)[below], np.fft.rfft(loader["waveform_5s"])[below]
    )
    spectrogram = CropReader(records, modality="spectrogram", length=5).read(crop)
    bins = np.arange(257) * RATE / 512 < 5500
    difference_stft = relative_rms(spectrogram[:, bins], loader["spectrogram_5s"][:, bins])
    with capsys.disabled():
        print(
            f"\nbelow 5.5 kHz, soxr, relative RMS difference: waveform {difference:.2%}, "
            f"spectrogram {difference_stft:.2%}"
        )
    assert difference <= 0.02
    assert difference_stft <= 0.02
