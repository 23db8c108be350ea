import numpy as np
import pytest

from avdistill.errors import InputError
from avdistill.evaluation.nearest_neighbours import Labelled, nearest_neighbours


def blobs(count: int, seed: int, spread: float = 0.5) -> Labelled:
    """Draw three classes on the corners of a triangle; a third feature is pure, large noise."""
    random = np.random.default_rng(seed)
    labels = np.arange(count) % 3
    corners = np.array([[0, 0], [4, 0], [0, 4]])
    near = corners[labels] + random.normal(0, spread, (count, 2))
    return Labelled(np.column_stack([near, random.normal(0, 1000, count)]), labels)


def test_standardising_lets_small_features_count():
    result = nearest_neighbours(blobs(120, 0), blobs(60, 1), blobs(60, 2))
    assert result.accuracy > 0.9
    assert result.accuracy == np.mean(result.predicted == blobs(60, 2).labels)


def test_k_is_the_best_on_validation_and_never_looks_at_test():
    parts = [blobs(90, seed, spread=2.0) for seed in range(3)]
    result = nearest_neighbours(*parts)
    assert list(result.validation) == [7, 9, 11, 13, 15]
    assert result.validation[result.k] == max(result.validation.values())
    flipped = Labelled(parts[2].features, (parts[2].labels + 1) % 3)
    assert nearest_neighbours(*parts[:2], flipped).k == result.k


def test_of_equal_ks_the_smallest_wins_whatever_their_order():
    perfect = [blobs(90, seed, spread=0.01) for seed in range(3)]
    result = nearest_neighbours(*perfect, neighbours=(15, 9, 7))
    assert set(result.validation.values()) == {1.0}
    assert result.k == 7


def test_votes_are_those_worked_out_by_hand():
    training = Labelled(np.array([[0.0], [1.0], [2.0], [10.0], [11.0]]), np.array([0, 0, 1, 1, 1]))
    point = Labelled(np.array([[1.2]]), np.array([0]))
    assert nearest_neighbours(training, point, point, neighbours=(3,)).predicted.tolist() == [0]
    assert nearest_neighbours(training, point, point, neighbours=(5,)).predicted.tolist() == [1]


def test_a_constant_feature_and_an_empty_test_split_are_no_trouble():
    training, validation = blobs(30, 0), blobs(30, 1)
    constant = [
        Labelled(np.column_stack([part.features, np.ones(30)]), part.labels)
        for part in (training, validation)
    ]
    empty = Labelled(np.empty((0, 4)), np.empty(0, int))
    result = nearest_neighbours(*constant, empty)
    assert result.accuracy is None
    assert result.predicted.shape == (0,)


def test_more_neighbours_than_training_crops_are_refused():
    with pytest.raises(InputError, match=r"transfer\.neighbours: .* 14 training crops; use"):
        nearest_neighbours(blobs(14, 0), blobs(9, 1), blobs(9, 2))
    with pytest.raises(InputError, match="no crops"):
        nearest_neighbours(blobs(30, 0), blobs(0, 1), blobs(9, 2))
