"""Which frames of a second are seen."""

import math

import numpy as np
import pytest

from avdistill.errors import InputError
from avdistill.networks.frames import frames_of_network, stored_frames
from avdistill.networks.registry import network_spec


@pytest.mark.parametrize("number", range(1, 13))
def test_stored_frames_stand_in_the_middle_of_their_shares(number):
    assert stored_frames(number) == tuple(
        math.floor((i + 0.5) * 12 / number) for i in range(number)
    )


def test_stored_frames_of_the_configurations():
    assert stored_frames(12) == tuple(range(12))
    assert stored_frames(2) == (3, 9)


@pytest.mark.parametrize("number", [0, 13])
def test_other_numbers_of_frames_are_refused(number):
    with pytest.raises(InputError, match="choose from 1 to 12"):
        stored_frames(number)


@pytest.mark.parametrize("number", range(5, 13))
def test_five_frames_go_evenly_from_the_first_to_the_last(number):
    five = tuple(np.floor(np.linspace(0, number - 1, 5)).astype(int))
    assert frames_of_network(network_spec("temporal_resnet50"), number) == five
    assert frames_of_network(network_spec("resnet50"), number) == tuple(range(number))


def test_fewer_than_five_are_all_seen():
    spec = network_spec("temporal_resnet50")
    taken = [frames_of_network(spec, number) for number in (1, 2, 4)]
    assert taken == [(0,), (0, 1), (0, 1, 2, 3)]
