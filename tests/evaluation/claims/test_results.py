import dataclasses

import numpy as np
import pandas as pd
import pytest

from avdistill.avia.vocabulary import ACTIONS
from avdistill.errors import InputError
from avdistill.evaluation.claims.results import by_sequence, mean_of, read_outcomes
from avdistill.networks.registry import network_spec
from avdistill.results.model_folder import Origin, write_model_description
from avdistill.results.predictions import write_predictions


@pytest.fixture
def save(tmp_path, avia, predictions):
    """Write predictions beside their description."""

    def write(network="resnet50", scope="all", *, seed=0, taken=None, per_class=2):
        spec = network_spec(network)
        folder = tmp_path / scope / network / f"seed{seed}"
        origin = Origin(
            scope=scope,
            split="0" * 64,
            supervision="ground_truth",
            seed=seed,
            initial_weights="random backbone",
        )
        write_model_description(folder, spec, avia, origin, None)
        write_predictions(folder / "predictions.parquet", predictions(taken or {}, per_class))
        return folder / "predictions.parquet"

    return write


def test_sequences_are_summed_up_by_crops_and_by_mean_logits(predictions):
    table = predictions({"typing": {"clicking": 0.4, "speaking": 0.3}}, 1)
    found = by_sequence(table.sample(frac=1, random_state=0))
    typing = ACTIONS.index("typing")
    row = found.shares.loc["Location_01/Subject_01/Action_007"]
    assert row.sum() == pytest.approx(1)
    assert row[[ACTIONS.index("clicking"), ACTIONS.index("speaking"), typing]].tolist() == (
        pytest.approx([0.4, 0.3, 0.3])
    )
    assert list(found.shares.columns) == list(range(14))
    assert found.right.sum() == 13
    assert found.recalls[typing] == pytest.approx(0.3)
    # Mean logits can be right where most crops are wrong.
    table.loc[table["predicted"] == typing, f"logit_{typing}"] = 9.0
    assert by_sequence(table).right.sum() == 14


def test_seeds_are_averaged_by_sequence(save, avia):
    paths = [save(seed=0), save(seed=1, taken={"typing": {"clicking": 0.6}}), save("avnet")]
    found, descriptions = read_outcomes(paths[::-1], avia)
    assert set(found) == {("resnet50", "ground_truth", "all"), ("avnet", "ground_truth", "all")}
    tested = found["resnet50", "ground_truth", "all"]
    assert tested.of(6)[5].tolist() == pytest.approx([0.3, 0.3])
    assert sorted(tested.right.unique()) == [0.5, 1]
    assert [(description["network"], description["seed"]) for description in descriptions] == [
        ("avnet", 0),
        ("resnet50", 0),
        ("resnet50", 1),
    ]
    pd.testing.assert_frame_equal(mean_of([tested]).shares, tested.shares)


def test_what_does_not_belong_together_is_refused(save, avia):
    path = save()
    with pytest.raises(InputError, match="second result"):
        read_outcomes([path, path], avia)
    with pytest.raises(InputError, match=r"made on simulated data, but the data set is AVIA"):
        read_outcomes([path], dataclasses.replace(avia, source="AVIA"))
    with pytest.raises(InputError, match="other classes"):
        read_outcomes([path], dataclasses.replace(avia, classes=ACTIONS[::-1]))
    with pytest.raises(InputError, match="other sequences than another network of all scenarios"):
        read_outcomes([path, save("avnet", per_class=3)], avia)
    read_outcomes([path, save("avnet", "scenario1", per_class=3)], avia)


def test_predictions_of_other_classes_than_described_are_refused(save, avia, predictions):
    path = save()
    table = predictions({}, 1, ACTIONS[:3]).drop(columns=[f"logit_{i}" for i in range(3, 14)])
    write_predictions(path, table)
    with pytest.raises(InputError, match="30 crops of 3 classes"):
        read_outcomes([path], avia)
    write_predictions(path, predictions({}, 1).iloc[:0].astype({"sequence": str}))
    with pytest.raises(InputError, match="0 crops"):
        read_outcomes([path], avia)


def test_recognised_is_each_sequences_own_diagonal(outcomes):
    found = outcomes({"typing": {"clicking": 0.4}}, 2)
    assert found.recognised.to_numpy() == pytest.approx(np.where(found.actual == 6, 0.6, 1))
