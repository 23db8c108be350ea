"""What a student hears in sound files, by the command `predict`."""

import csv

import numpy as np
import pytest
import soundfile

from avdistill.cli import main
from avdistill.records.schema import read_audio, record_path
from avdistill.results.predictions import logits_of, read_predictions


def test_predict_hears_in_a_file_what_it_heard_in_the_records(trained, tiny, tmp_path, capsys):
    predictions = read_predictions(trained / "ground_truth" / "predictions.parquet")
    sequence = predictions["sequence"][0]
    audio = [read_audio(tiny / "records" / record_path(sequence, second)) for second in range(5)]
    samples = np.concatenate([second.reshape(-1) for second in audio])
    wav = tmp_path / "sequence.wav"
    soundfile.write(wav, samples / 2**15, 12288, subtype="FLOAT")
    long = tmp_path / "long.wav"  # two windows, the second of 2 s, and of any rate
    soundfile.write(long, np.random.default_rng(0).normal(0, 0.1, (7 * 44100, 2)), 44100)
    capsys.readouterr()
    assert main(["predict", "--model", str(trained / "ground_truth"), str(wav), str(long)]) == 0
    rows = list(csv.DictReader(capsys.readouterr().out.splitlines()))
    assert [(row["file"], row["start"]) for row in rows] == [
        (str(wav), "0"),
        (str(long), "0"),
        (str(long), "5"),
    ]
    logits = logits_of(predictions)[0].astype(float)
    expected = np.exp(logits) / np.exp(logits).sum()
    heard = [float(rows[0][name]) for name in ("hum", "buzz", "hiss")]
    np.testing.assert_allclose(heard, expected, atol=2e-3)
    assert rows[0]["class"] == ("hum", "buzz", "hiss")[int(np.argmax(expected))]


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (None, "cannot be read"),
        (b"hello", "cannot be read"),
        (0.0, "silent"),
        (np.nan, "not numbers"),
    ],
)
def test_bad_sound_files_are_named(trained, tmp_path, capsys, content, message):
    wav = tmp_path / "clip.wav"
    if isinstance(content, bytes):
        wav.write_bytes(content)
    elif content is not None:
        soundfile.write(wav, np.full(20000, content), 16000, subtype="FLOAT")
    assert main(["predict", "--model", str(trained / "ground_truth"), str(wav)]) == 1
    captured = capsys.readouterr()
    assert "clip.wav" in captured.err
    assert message in captured.err
    assert captured.out == ""


def test_a_teacher_takes_no_sound_files(trained, tmp_path, capsys):
    soundfile.write(tmp_path / "clip.wav", np.ones(20000), 16000)
    assert main(["predict", "--model", str(trained / "teacher"), str(tmp_path / "clip.wav")]) == 1
    assert "takes acoustic input" in capsys.readouterr().err
