import numpy as np
import pytest

from avdistill.avia.raw_trees import RawTrees
from avdistill.avia.vocabulary import SequenceId
from avdistill.cli import main
from avdistill.errors import InputError
from avdistill.figures.overlay import (
    RANGE_DB,
    blend,
    choose_sequence,
    draw_overlay,
    high_level,
    strongest_frame,
)
from avdistill.simulation.acoustic_images import mel_filters
from avdistill.simulation.array import microphone_positions


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({}, (2, 1)),  # clapping, in the second scenario
        ({"classes": ("knocking", "typing", "hammering")}, (2, 3)),  # hammering before knocking
        ({"classes": ("typing", "whistling")}, (2, 1)),  # nothing telling: the first class
        ({"scenarios": ("outdoor terrace",)}, (1, 1)),
        ({"missing": tuple(f"Location_02/Subject_{n:02d}/Action_001" for n in (1, 2, 3))}, (1, 1)),
    ],
)
def test_auto_takes_a_loud_action_among_other_people(describe, changes, expected):
    dataset = describe(**changes)
    chosen = {choose_sequence(dataset, seed=seed) for seed in range(30)}
    assert {(one.location, one.action) for one in chosen} == {expected}
    assert {one.subject for one in chosen} == {1, 2, 3}
    assert chosen <= set(dataset.sequences())


def test_level_is_that_of_the_highest_six_of_24_bands():
    energies = np.ones(24)
    energies[18:] = 100.0  # 20 dB
    orthonormal = np.cos(np.pi * np.outer(np.arange(24) + 0.5, np.arange(12)) / 24)
    orthonormal *= np.where(np.arange(12) == 0, np.sqrt(1 / 24), np.sqrt(2 / 24))
    image = np.broadcast_to(np.log10(energies) @ orthonormal, (36, 48, 12))
    level = high_level(image)
    assert level.shape == (36, 48)
    # Twelve coefficients keep the step but for its ringing; six bands add up to 7.8 dB more.
    np.testing.assert_allclose(level, 20 + 10 * np.log10(6), atol=1.0)


def test_the_highest_bands_are_those_that_the_scale_names():
    centre = mel_filters()[:, -6:].sum(axis=1)
    frequencies = 12 * (np.flatnonzero(centre > 0.5) + 1)
    assert 2800 < frequencies[0] < 3200
    assert 5800 < frequencies[-1] < 6144
    # There the array is several wavelengths across.
    assert np.ptp(microphone_positions()[:, 0]) * frequencies[0] / 343 > 4


def test_the_frame_with_the_loudest_direction_is_taken(write_raw):
    sequence = SequenceId(2, 1, 1)
    raw = write_raw(sequence, frames=4, loudest=2)
    frame, level = strongest_frame(RawTrees.below(raw), sequence)
    assert frame.shape == (480, 640, 3)
    assert abs(int(frame.mean()) - 80) <= 1
    assert np.unravel_index(level.argmax(), level.shape) == (9, 36)
    assert level.max() == 0


def test_a_sequence_without_all_its_files_is_refused(write_raw):
    sequence = SequenceId(2, 1, 1)
    raw = write_raw(sequence)
    next(raw.rglob("I_000002.jpeg")).unlink()
    with pytest.raises(InputError, match="3 acoustic images and 2 frames"):
        strongest_frame(RawTrees.below(raw), sequence)
    with pytest.raises(InputError, match="0 acoustic images"):
        strongest_frame(RawTrees.below(raw), SequenceId(1, 1, 1))


def test_sound_is_laid_where_it_comes_from_and_nowhere_else():
    frame = np.full((480, 640, 3), 90, np.uint8)
    level = np.full((36, 48), -2 * RANGE_DB)
    level[9:11, 36:38] = 0  # the corner that four pixels share lies at 3/4 and 10/36 of the view
    picture = blend(frame, level, magnified=2)
    assert picture.shape == (960, 1280, 3)
    assert picture.dtype == np.uint8
    changed = np.argwhere((picture != 90).any(axis=-1))
    assert np.ptp(changed, axis=0).max() < 960 / 36 * 4
    np.testing.assert_allclose(
        changed.mean(axis=0), [960 * 10 / 36 - 0.5, 1280 * 37 / 48 - 0.5], atol=1
    )


def test_action_scenario_scale_and_source_are_written(describe, texts_of):
    figure = draw_overlay(
        np.zeros((480, 640, 3), np.uint8), np.zeros((36, 48)), describe(), SequenceId(2, 1, 1)
    )
    texts = texts_of(figure)
    assert "clapping, open-space office" in texts
    assert "simulated data" in texts
    assert "sound level, 3 to 6 kHz (dB relative to the frame's maximum)" in texts


def test_verb_draws_the_same_bytes_again(describe, write_raw, tmp_path, capsys):
    dataset = describe()
    dataset.write(tmp_path / "dataset.json")
    sequence = choose_sequence(dataset, seed=0)
    raw = write_raw(sequence)
    arguments = [
        "draw-overlay",
        "--dataset",
        str(tmp_path / "dataset.json"),
    ]
    arguments += ["--matfiles", str(raw / "matfiles"), "--sync", str(raw / "sync"), "--seed", "0"]
    for name, chosen in (("auto.png", "auto"), ("named.png", sequence.name)):
        assert main([*arguments, "--sequence", chosen, "--output", str(tmp_path / name)]) == 0
    for suffix in (".png", ".svg"):
        auto, named = (tmp_path / f"{name}{suffix}" for name in ("auto", "named"))
        assert auto.read_bytes() == named.read_bytes()
    capsys.readouterr()
    other = "Location_09/Subject_01/Action_001"
    assert main([*arguments, "--sequence", other, "--output", str(tmp_path / "o.png")]) == 1
    assert f"has no {other}" in capsys.readouterr().err
    assert not (tmp_path / "o.png").exists()
