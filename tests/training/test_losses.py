"""The distillation loss, worked out by hand."""

import numpy as np
import pytest

from avdistill.training.losses import (
    crop_accuracy,
    hinton_crossentropy,
    hinton_targets,
    label_crossentropy,
    target_crossentropy,
    training_targets,
)

LN2, LN3 = np.log(2), np.log(3)
# softmax(z) = (1/2, 1/4, 1/4): cross-entropies of the classes are ln 2, 2 ln 2, 2 ln 2.
LOGITS = np.array([[LN2, 0, 0]], np.float32)


def loss(targets, logits=LOGITS):
    return np.asarray(target_crossentropy(targets, logits)).tolist()


@pytest.mark.parametrize(
    ("imitation", "expected"),
    [(0.0, LN2), (0.5, 1.25 * LN2), (0.25, 1.125 * LN2), (1.0, 1.5 * LN2)],
)
def test_loss_by_hand(imitation, expected):
    # T = 2: softmax(t / 2) = (1/2, 1/4, 1/4), so CE = (1/2 + 2/4 + 2/4) ln 2 = 3/2 ln 2.
    teacher = np.array([[2 * LN2, 0, 0]])
    targets = training_targets(
        np.array([0]), 3, teacher_logits=teacher, temperature=2.0, imitation=imitation
    )
    assert loss(targets) == pytest.approx([expected], rel=1e-6)


def test_temperature_divides_the_teachers_logits_only():
    teacher = np.array([[2 * LN3, 0, 0]])
    values = {"teacher_logits": teacher, "imitation": 1.0}
    # T = 1: (9, 1, 1) / 11; T = 2: (3, 1, 1) / 5. Neither z / T nor a factor T².
    once = training_targets(np.array([2]), 3, temperature=1.0, **values)
    twice = training_targets(np.array([2]), 3, temperature=2.0, **values)
    assert loss(once) == pytest.approx([(9 + 2 + 2) / 11 * LN2], rel=1e-6)
    assert loss(twice) == pytest.approx([(3 + 2 + 2) / 5 * LN2], rel=1e-6)


def test_without_imitation_targets_and_loss_are_ground_truths_bit_for_bit():
    generator = np.random.default_rng(0)
    labels = generator.integers(0, 14, 50)
    logits = generator.normal(0, 5, (50, 14)).astype(np.float32)
    plain = training_targets(labels, 14)
    distilled = training_targets(
        labels, 14, teacher_logits=logits[::-1] * 100, temperature=3.0, imitation=0.0
    )
    assert plain.tobytes() == distilled.tobytes()
    assert loss(plain, logits) == loss(distilled, logits)


def test_mixing_targets_is_mixing_losses():
    generator = np.random.default_rng(1)
    labels, teacher = generator.integers(0, 14, 20), generator.normal(0, 3, (20, 14))
    logits = generator.normal(0, 3, (20, 14)).astype(np.float32)
    soft = {"teacher_logits": teacher, "temperature": 5.0}
    hard_loss = np.array(loss(training_targets(labels, 14), logits))
    soft_loss = np.array(loss(training_targets(labels, 14, imitation=1.0, **soft), logits))
    mixed = loss(training_targets(labels, 14, imitation=0.3, **soft), logits)
    np.testing.assert_allclose(mixed, 0.7 * hard_loss + 0.3 * soft_loss, rtol=1e-5)


@pytest.mark.parametrize("imitation", [0.0, 0.25, 1.0])
def test_hintons_loss_by_hand(imitation):
    # T = 2. softmax(z / T) = (2, 1, 1) / 4 and softmax(t / T) = (3, 1, 1) / 5, so that their
    # cross-entropy is 3/5 ln 2 + 2/5 * 2 ln 2 = 7/5 ln 2; softmax(z) = (4, 1, 1) / 6.
    targets = hinton_targets(
        np.array([0, 1]),
        teacher_logits=np.array([[2 * LN3, 0, 0]] * 2),
        temperature=2.0,
        imitation=imitation,
    )
    logits = np.array([[2 * LN2, 0, 0]] * 2, np.float32)
    soft = 4 * 7 / 5 * LN2
    expected = [(1 - imitation) * hard + imitation * soft for hard in (np.log(1.5), np.log(6))]
    assert np.asarray(hinton_crossentropy(targets, logits)) == pytest.approx(expected, rel=1e-6)
    assert np.asarray(crop_accuracy(targets, logits)).tolist() == [1, 0]


def test_both_losses_agree_where_neither_temperature_nor_form_matters():
    generator = np.random.default_rng(2)
    labels, teacher = generator.integers(0, 14, 20), generator.normal(0, 3, (20, 14))
    logits = generator.normal(0, 3, (20, 14)).astype(np.float32)
    soft = {"teacher_logits": teacher, "temperature": 1.0, "imitation": 0.3}
    generalized = loss(training_targets(labels, 14, **soft), logits)
    hinton = hinton_crossentropy(hinton_targets(labels, **soft), logits)
    np.testing.assert_allclose(np.asarray(hinton), generalized, rtol=1e-5)
    soft |= {"temperature": 9.0, "imitation": 0.0}
    alone = hinton_crossentropy(hinton_targets(labels, **soft), logits)
    np.testing.assert_allclose(
        np.asarray(alone), loss(training_targets(labels, 14), logits), rtol=1e-5
    )


def test_every_frame_of_a_teacher_has_its_seconds_label():
    frames = np.array([[[LN2, 0, 0], [0, LN2, 0]]], np.float32)
    assert loss(training_targets(np.array([0]), 3), frames)[0] == pytest.approx([LN2, 2 * LN2])


def test_accuracy_counts_labels_not_the_teachers_opinion():
    teacher = np.array([[0, 9, 0], [9, 0, 0]])
    targets = training_targets(
        np.array([0, 1]), 3, teacher_logits=teacher, temperature=1.0, imitation=1.0
    )
    logits = np.array([[3, 1, 0], [3, 1, 0]], np.float32)
    assert np.asarray(crop_accuracy(targets, logits)).tolist() == [1, 0]
    # Of these frames two of three say 0, but their mean says 1.
    frames = np.array([[[1, 0, 0], [1, 0, 0], [0, 9, 0]]] * 2, np.float32)
    assert np.asarray(crop_accuracy(targets, frames)).tolist() == [0, 1]


def test_validation_loss_is_against_labels_and_survives_large_logits():
    logits = np.array([[LN2, 0, 0], [1e4, 0, 0]], np.float32)
    assert label_crossentropy(np.array([0, 0]), logits) == pytest.approx(LN2 / 2, rel=1e-6)
    assert label_crossentropy(np.array([0, 1]), logits) == pytest.approx((LN2 + 1e4) / 2, rel=1e-6)
