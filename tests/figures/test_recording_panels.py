import numpy as np
import pytest

from avdistill.avia.vocabulary import SequenceId
from avdistill.errors import InputError
from avdistill.figures.recording_panels import draw_frame, loudest_frame, read_frame
from avdistill.figures.style import new_figure

SEQUENCE = SequenceId(1, 2, 3)


@pytest.mark.parametrize("loudest", [0, 29, 71])
def test_the_loudest_frame_is_found_whatever_the_offset(write_records, loudest):
    records = write_records([SEQUENCE], loudest=loudest)
    assert loudest_frame(records, SEQUENCE, 6) == loudest


@pytest.mark.parametrize("number", [0, 11, 12, 71])
def test_frames_are_counted_from_the_start_of_the_sequence(write_records, number):
    frame = read_frame(write_records([SEQUENCE]), SEQUENCE, number)
    assert frame.shape == (480, 640, 3)
    assert abs(frame.mean() - number) <= 1


def test_records_of_another_sequence_are_refused(write_records):
    records = write_records([SEQUENCE])
    (records / SEQUENCE.name).rename(records / "Location_01/Subject_02/Action_004")
    other = SequenceId(1, 2, 4)
    with pytest.raises(InputError, match="Action_003, not of"):
        loudest_frame(records, other, 6)
    with pytest.raises(InputError, match="Action_003, not of"):
        read_frame(records, other, 0)


def test_a_frame_has_no_axes_and_a_lacking_one_says_so(texts_of):
    figure = new_figure(4, 2)
    shown, lacking = figure.subplots(1, 2)
    draw_frame(shown, np.full((480, 640, 3), 7, np.uint8))
    draw_frame(lacking, None)
    assert np.unique(shown.images[0].get_array()).tolist() == [7]
    assert not lacking.images
    assert texts_of(figure) == ["not in the data set"]
    for axes in (shown, lacking):
        assert not axes.get_xticks().size + axes.get_yticks().size
        assert not any(spine.get_visible() for spine in axes.spines.values())
