"""Recordings as sound sources, and what is wrong with some."""

import numpy as np
import pytest
import soundfile

from avdistill.avia.dataset import DatasetDescription
from avdistill.avia.vocabulary import SAMPLE_RATE, SequenceId
from avdistill.errors import InputError
from avdistill.simulation.recordings import (
    describe_shared,
    play,
    read_recording,
    recording_files,
    recordings_of,
    sound_onsets,
)
from avdistill.simulation.sounds.resonance import fast_level

RATE = 44100


@pytest.fixture
def tone(tmp_path):
    def write(name, hertz=1000.0, seconds=0.5, channels=1, rate=RATE):
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        wave = 0.3 * np.sin(2 * np.pi * hertz * np.arange(int(rate * seconds)) / rate)
        soundfile.write(path, np.repeat(wave[:, None], channels, axis=1), rate)
        return path

    return write


def _dataset(subjects, classes=("dog bark", "rain")):
    return DatasetDescription("simulated", classes, ("yard", "hall"), subjects, 1)


def test_a_recording_is_resampled_and_its_channels_averaged(tone):
    signal = read_recording(tone("a.wav", hertz=1000, channels=2))
    assert signal.dtype == np.float32
    assert len(signal) == pytest.approx(0.5 * SAMPLE_RATE, abs=20)
    spectrum = np.abs(np.fft.rfft(signal))
    assert np.argmax(spectrum) * SAMPLE_RATE / len(signal) == pytest.approx(1000, abs=3)


def test_silence_at_the_ends_is_cut_off(tmp_path):
    wave = np.zeros(3 * RATE)
    wave[RATE : 2 * RATE] = np.random.default_rng(0).normal(0, 0.1, RATE)
    soundfile.write(tmp_path / "padded.flac", wave, RATE)
    assert len(read_recording(tmp_path / "padded.flac")) == pytest.approx(SAMPLE_RATE, abs=20)


def test_recordings_follow_each_other_until_the_sequence_is_full(tone):
    paths = [tone("low.wav", 500), tone("high.wav", 2000)]
    signal, _ = play(paths, 2, 60)
    assert len(signal) == 2 * SAMPLE_RATE
    for number, hertz in enumerate((500, 2000, 500, 2000)):
        middle = signal[int((0.5 * number + 0.1) * SAMPLE_RATE) :][: SAMPLE_RATE // 4]
        assert np.argmax(np.abs(np.fft.rfft(middle))) * 4 == pytest.approx(hertz, abs=8)
        assert fast_level(middle) == pytest.approx(60, abs=0.1)


def test_no_two_sequences_share_a_recording_where_there_are_enough(tone, tmp_path):
    for number in range(7):
        tone(f"dog bark/{number}.wav", seconds=0.05)
    dataset = _dataset(3)
    dealt = [
        recordings_of(SequenceId(location, subject, 1), dataset, tmp_path, seed=5)
        for location in (1, 2)
        for subject in (1, 2, 3)
    ]
    everything = [path for paths in dealt for path in paths]
    assert len(set(everything)) == len(everything) == 7
    assert min(map(len, dealt)) == 1


def test_too_few_recordings_recur_and_it_is_said(tone, tmp_path):
    for number in range(2):
        tone(f"dog bark/{number}.wav", seconds=0.05)
    for number in range(6):
        tone(f"rain/{number}.wav", seconds=0.05)
    dataset = _dataset(3)
    used = [
        recordings_of(sequence, dataset, tmp_path, seed=5)
        for sequence in dataset.sequences()
        if sequence.action == 1
    ]
    assert all(len(paths) == 1 for paths in used)
    assert len({paths[0] for paths in used}) == 2
    assert describe_shared(dataset, tmp_path) == (
        "recordings that several sequences share: dog bark (2 for 6 sequences)"
    )
    assert describe_shared(_dataset(1), tmp_path) is None


def test_onsets_are_where_the_sound_swells():
    signal = np.full(3 * SAMPLE_RATE, 1e-4)
    for start in (0.5, 1.5, 2.25):
        first = int(start * SAMPLE_RATE)
        signal[first : first + 1536] = 0.1
    np.testing.assert_allclose(sound_onsets(signal), [0.5, 1.5, 2.25], atol=0.126)


def test_a_class_without_folder_is_named(tone, tmp_path):
    tone("dog bark/1.wav")
    with pytest.raises(InputError, match=r"rain: no such folder; make one for each class"):
        recording_files(tmp_path, ("dog bark", "rain"))


def test_a_class_without_recording_is_named(tone, tmp_path):
    tone("dog bark/1.wav")
    (tmp_path / "rain").mkdir()
    (tmp_path / "rain" / "notes.txt").write_text("to be recorded")
    with pytest.raises(InputError, match=r"rain: no recording; put audio files there"):
        recording_files(tmp_path, ("dog bark", "rain"))


def test_a_file_that_is_no_audio_is_named(tmp_path):
    (tmp_path / "broken.wav").write_bytes(b"RIFF not really")
    with pytest.raises(InputError, match=r"broken\.wav: not readable as audio"):
        read_recording(tmp_path / "broken.wav")


@pytest.mark.parametrize(
    ("samples", "problem"),
    [
        (np.zeros(RATE), "silent"),
        (np.full(RATE, 0.5), "silent"),
        (np.zeros(0), "empty"),
        (np.array([0.0, np.nan, 0.1]), "not numbers"),
        (np.concatenate([np.zeros(500), [0.5, -0.5], np.zeros(500)]), "less than 20 ms"),
        (np.outer(np.random.default_rng(0).normal(0, 0.1, RATE), [1, -1]), "cancel each other"),
    ],
)
def test_recordings_without_a_usable_sound_are_refused(tmp_path, samples, problem):
    soundfile.write(tmp_path / "odd.wav", samples, RATE, subtype="DOUBLE")
    with pytest.raises(InputError, match=rf"odd\.wav: .*{problem}"):
        read_recording(tmp_path / "odd.wav")


def test_real_recordings_can_be_played(shared):
    folder = shared / "esc10"
    classes = tuple(sorted(path.name for path in folder.iterdir() if path.is_dir()))
    for paths in recording_files(folder, classes).values():
        signal, _ = play(paths[:1], 6, 68)
        assert signal.shape == (6 * SAMPLE_RATE,)
        assert fast_level(signal) == pytest.approx(68, abs=3)
