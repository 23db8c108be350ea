import keras
import pytest

from avdistill.cli import main
from avdistill.errors import InputError
from avdistill.evaluation.sizes import multiply_adds, size_rows
from avdistill.examples.tensorflow_start import start_tensorflow

# While pytest still collects: once any test has used TensorFlow, its threads are settled.
start_tensorflow(seed=0, threads=2)

# Counted in the released code: all parameters, and those that it trains.
PUBLISHED = {
    "dualcamnet": (8_179_842, 8_179_842),
    "hearnet": (3_861_158, 3_861_158),
    "soundnet": (6_751_238, 6_748_230),
    "resnet50": (23_589_838, 28_686),
}


def test_networks_are_counted_whole_and_by_hand():
    rows = {row["network"]: row for row in size_rows(list(PUBLISHED), 14)}
    for network, counts in PUBLISHED.items():
        row = rows[network]
        assert (row["parameters"], row["trained_parameters"]) == counts
        assert row["weight_bytes"] == 4 * counts[0]
    hearnet = 500 * 11 * 257 * 128 + 100 * 5 * 128 * 256 + 20 * 3 * 256 * 256
    hearnet += 4 * 256 * 1024 + 1024 * 1024 + 1024 * 1000 + 1000 * 14
    assert rows["hearnet"]["multiply_adds_per_second"] == round(hearnet / 5)
    frame = 36 * 48 * 7 * 12 * 12 + 36 * 48 * 25 * 12 * 32 + 18 * 24 * 25 * 32 * 64
    frame += 9 * 12 * 64 * 1024 + 1024 * 1000 + 1000 * 14
    assert rows["dualcamnet"]["multiply_adds_per_second"] == 12 * frame
    assert rows["hearnet"]["inputs_per_second"] == 1 / 5
    # Twelve frames a second; published counts of ResNet-50 are 3.5 to 4.1 billion a frame.
    assert 3.4e9 < rows["resnet50"]["multiply_adds_per_second"] / 12 < 4.2e9
    assert rows["resnet50"]["input"] == "224x224x3"


def test_frames_folded_into_the_batch_count_as_what_they_are():
    image = keras.Input((8, 8, 3))
    inner = keras.Model(image, keras.layers.Conv2D(4, 3, 2, padding="same")(image))
    seconds = keras.Input((6, 8, 8, 3))
    maps = inner(keras.ops.reshape(seconds, (-1, 8, 8, 3)))
    logits = keras.layers.Dense(5)(keras.layers.Flatten()(maps))
    model = keras.Model(seconds, keras.ops.reshape(logits, (-1, 6, 5)))
    assert multiply_adds(model) == 6 * (4 * 4 * 3 * 3 * 3 * 4 + 4 * 4 * 4 * 5)


def test_grouped_convolutions_multiply_their_own_channels_only():
    frames = keras.Input((10, 8))
    model = keras.Model(frames, keras.layers.Conv1D(8, 3, groups=4, padding="same")(frames))
    assert multiply_adds(model) == 10 * 3 * 2 * 8


def test_layers_that_nobody_knows_to_count_are_named():
    frames = keras.Input((10, 8))
    model = keras.Model(frames, keras.layers.Conv1DTranspose(8, 3, name="strange")(frames))
    with pytest.raises(InputError, match="layer strange, a Conv1DTranspose"):
        multiply_adds(model)


def test_the_verb_writes_table_and_page(tmp_path, three_classes, read_table, capsys):
    files = ["--table", str(tmp_path / "sizes.csv"), "--page", str(tmp_path / "sizes.html")]
    files += ["--dataset", str(three_classes)]
    assert main(["measure-networks", "--networks", "hearnet", *files]) == 0
    [row] = read_table(tmp_path / "sizes.csv")
    assert int(row["parameters"]) == PUBLISHED["hearnet"][0] - 11 * 1001
    assert "500 × 257" in (tmp_path / "sizes.html").read_text()
    assert main(["measure-networks", "--networks", "vggish", *files]) == 1
    assert "unknown network 'vggish'" in capsys.readouterr().err
