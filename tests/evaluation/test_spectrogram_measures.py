import numpy as np
import pandas as pd
import pytest
from scipy.signal import fftconvolve

from avdistill.avia.dataset import DatasetDescription
from avdistill.avia.vocabulary import SequenceId
from avdistill.cli import main
from avdistill.errors import InputError
from avdistill.evaluation.claims.recordings import PERIODIC, SHORT_S
from avdistill.evaluation.spectrogram_measures import (
    COLUMNS,
    MEASURES,
    NOT_ALWAYS,
    chance_periodicity,
    measure,
    read_measures,
)
from avdistill.files.manifest import describe_file, write_manifest
from avdistill.records.audio import NETWORK_SAMPLE_RATE
from avdistill.records.schema import encode_second, record_path
from avdistill.records.tfrecord import compress_record

SECONDS = 10


def knocks(times, *, noise=1e-4, hertz=800.0, reverberation=0.0, rate=NETWORK_SAMPLE_RATE):
    """Damped tones of 10 ms at some times; a reverberation time in seconds adds echoes."""
    random = np.random.default_rng(0)
    signal = random.normal(0, noise, SECONDS * rate)
    time = np.arange(rate // 5) / rate
    tone = np.exp(-time / 0.01) * np.sin(2 * np.pi * hertz * time)
    for start in (np.asarray(times) * rate).astype(int):
        signal[start : start + len(tone)] += tone[: len(signal) - start]
    if reverberation:
        time = np.arange(int(reverberation * rate)) / rate
        echoes = random.normal(0, 0.02, len(time)) * 10 ** (-3 * time / reverberation)
        echoes[0] = 1
        signal = fftconvolve(signal, echoes)[: len(signal)]
    return signal.astype(np.float32)


EVEN = np.arange(0.2, SECONDS - 0.3, 0.4)


def test_events_are_counted_and_their_interval_measured():
    found = measure(knocks(EVEN))
    assert tuple(found) == MEASURES
    assert found["events_per_second"] == pytest.approx(len(EVEN) / SECONDS)
    assert found["median_interval_s"] == pytest.approx(0.4, abs=0.011)
    assert measure(knocks(EVEN[::4]))["median_interval_s"] > SHORT_S


def test_what_comes_evenly_is_periodic_and_what_comes_at_random_is_not():
    found = measure(knocks(EVEN))
    assert found["periodicity"] > 0.9
    random = np.random.default_rng(3)
    shaken = measure(knocks(EVEN + random.normal(0, 0.02, len(EVEN))))
    assert shaken["periodicity"] > max(PERIODIC, shaken["periodicity_by_chance"])
    passed = 0
    for _ in range(40):
        times = np.sort(random.uniform(0.2, SECONDS - 0.3, len(EVEN)))
        found = measure(knocks(times))
        passed += found["periodicity"] >= max(PERIODIC, found["periodicity_by_chance"])
    assert passed <= 6  # one in twenty, 2 of 40, is expected


def test_low_frequencies_are_those_below_1536_hz_above_the_noise():
    assert measure(knocks(EVEN, hertz=800))["low_share"] > 0.95
    assert measure(knocks(EVEN, hertz=4000))["low_share"] < 0.05
    # Steady hum is noise, whatever its frequency.
    hum = 0.3 * np.sin(2 * np.pi * 200 * np.arange(SECONDS * 22050) / 22050).astype(np.float32)
    assert measure(knocks(EVEN, hertz=4000) + hum)["low_share"] < 0.3


def test_noise_lights_the_spectrogram_and_lifts_its_floor_but_is_no_tail():
    clean, noisy = measure(knocks(EVEN)), measure(knocks(EVEN, noise=0.03))
    assert noisy["lit_share"] > 5 * clean["lit_share"]
    assert noisy["noise_floor_db"] > clean["noise_floor_db"] + 30
    assert noisy["tail_db"] < -20


def test_echoes_are_a_tail_and_light_the_spectrogram_less_than_noise():
    clean, echoing = measure(knocks(EVEN)), measure(knocks(EVEN, reverberation=0.5))
    assert clean["tail_db"] < -30
    assert -15 < echoing["tail_db"] < 0
    assert clean["lit_share"] < echoing["lit_share"]
    longer = measure(knocks(EVEN, reverberation=0.8))
    assert longer["tail_db"] > echoing["tail_db"]


def test_what_cannot_be_measured_is_none():
    tone = np.sin(np.arange(SECONDS * NETWORK_SAMPLE_RATE) * 0.2).astype(np.float32)
    found = measure(tone)
    assert found["tail_db"] is None
    assert found["median_interval_s"] is None
    assert found["events_per_second"] == found["periodicity"] == 0
    # Half of it digitally silent: the floor ends 120 dB down.
    tone[: len(tone) // 2] = 0
    assert measure(tone)["noise_floor_db"] == pytest.approx(-120)


def test_chance_is_smaller_in_more_events_and_the_same_each_time():
    assert chance_periodicity(50, 3000) < chance_periodicity(8, 500)
    assert chance_periodicity(8, 500) == chance_periodicity(8, 500)
    assert chance_periodicity(2, 500) == 0
    assert 0 < chance_periodicity(62, 500) < 1.5  # as many as there is room for


@pytest.fixture
def written(tmp_path):
    """Records of two sequences, one of them high and echoing; the data set and its manifest."""
    dataset = DatasetDescription("simulated", ("knocking", "typing"), ("room",), 1, SECONDS)
    dataset.write(tmp_path / "dataset.json")
    rows = []
    for sequence, hertz in zip(dataset.sequences(), (800, 4000), strict=True):
        signal = knocks(EVEN, hertz=hertz, rate=12288) * 1e6
        for second, samples in enumerate(signal.reshape(SECONDS, 12, 1, 1024).astype(np.int32)):
            file = record_path(sequence.name, second)
            data = compress_record(encode_second(sequence, audio=samples))
            (tmp_path / "records" / file).parent.mkdir(parents=True, exist_ok=True)
            (tmp_path / "records" / file).write_bytes(data)
            rows.append(describe_file(sequence.name, str(file), data))
    write_manifest(tmp_path / "records/manifest.csv", rows)
    return tmp_path


def run(folder):
    return main(
        [
            *("measure-spectrograms", "--dataset", f"{folder}/dataset.json"),
            *("--records", f"{folder}/records/manifest.csv"),
            *("--output", f"{folder}/spectrograms.csv"),
        ]
    )


def test_every_sequence_has_a_row_and_the_file_the_same_bytes(written):
    assert run(written) == 0
    first = (written / "spectrograms.csv").read_bytes()
    assert run(written) == 0
    assert (written / "spectrograms.csv").read_bytes() == first
    dataset = DatasetDescription.read(written / "dataset.json")
    measures = read_measures(written / "spectrograms.csv", dataset)
    assert tuple(measures.columns) == COLUMNS
    assert measures["sequence"].tolist() == [SequenceId(1, 1, i).name for i in (1, 2)]
    assert measures["action"].tolist() == [1, 2]
    assert measures["low_share"].iloc[0] > 0.9
    assert measures["low_share"].iloc[1] < 0.1


def test_records_that_are_not_as_listed_are_refused(written, capsys):
    record = next((written / "records").rglob("*.tfrecord"))
    record.write_bytes(record.read_bytes() + b" ")
    assert run(written) == 1
    assert "differs from its manifest" in capsys.readouterr().err


def test_other_files_and_other_sequences_are_refused(tmp_path):
    dataset = DatasetDescription("simulated", ("knocking",), ("room",), 2, SECONDS)
    path = tmp_path / "measures.csv"
    with pytest.raises(InputError, match="run measure-spectrograms"):
        read_measures(path, dataset)
    path.write_text("")
    with pytest.raises(InputError, match="not a table of measures"):
        read_measures(path, dataset)
    row = dict.fromkeys(COLUMNS, 1) | {"sequence": "Location_01/Subject_01/Action_001"}
    pd.DataFrame([row]).to_csv(path, index=False)
    with pytest.raises(InputError, match="other sequences"):
        read_measures(path, dataset)
    pd.DataFrame([row | {"tail_db": "loud"}]).to_csv(path, index=False)
    with pytest.raises(InputError, match="not a table of measures"):
        read_measures(path, dataset)


def test_what_is_always_measured_is_a_number_in_every_row(tmp_path):
    dataset = DatasetDescription("simulated", ("knocking",), ("room",), 1, SECONDS)
    path, row = tmp_path / "measures.csv", dict.fromkeys(COLUMNS, 1)
    row["sequence"] = "Location_01/Subject_01/Action_001"

    def read(name, value):
        pd.DataFrame([row | {name: value}]).to_csv(path, index=False)
        return read_measures(path, dataset)

    for name in MEASURES:
        if name in NOT_ALWAYS:
            assert read(name, None)[name].isna().all()
        else:
            with pytest.raises(InputError, match=rf"line 2, {name}: '' is not a finite number"):
                read(name, None)
        with pytest.raises(InputError, match=rf"line 2, {name}: 'inf' is not a finite number"):
            read(name, float("inf"))
    assert set(NOT_ALWAYS) < set(MEASURES)
