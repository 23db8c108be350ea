"""What networks are trained against: ground truth, soft labels, or a mixture of both."""

from typing import Literal

import keras
import numpy as np
from scipy.special import softmax

Loss = Literal["generalized", "hinton"]


def training_targets(
    labels: np.ndarray,
    num_classes: int,
    *,
    teacher_logits: np.ndarray | None = None,
    temperature: float = 1.0,
    imitation: float = 0.0,
) -> np.ndarray:
    """Mix ground truth and soft labels into one target distribution per example.

    The generalised distillation loss of the paper, after Lopez-Paz et al., *Unifying distillation
    and privileged information*, ICLR 2016:

        loss = (1 - λ) · CE(y, softmax(z)) + λ · CE(softmax(t / T), softmax(z))

    with y the label as one-hot vector, t the teacher's logits, z the student's, T the temperature
    and λ the imitation parameter. As in the released code, z is not divided by T and the second
    term is not multiplied by T². CE(p, q) = -Σ p log q is linear in p, so that

        loss = CE((1 - λ) · y + λ · softmax(t / T), softmax(z)):

    the mixture p is computed here, once, and a step of distillation is a step of ordinary
    training. With λ = 0 the mixture is y itself, bit for bit.

    Parameters
    ----------
    labels : (num_examples,) integers from 0.
    teacher_logits : t, (num_examples, num_classes), averaged over all seconds of each example;
        None trains on ground truth.
    temperature, imitation : T > 0 and 0 ≤ λ ≤ 1.

    Returns
    -------
    (num_examples, 1 + num_classes) float32: the label, by which accuracy is counted, and p.
    """
    target = np.eye(num_classes)[labels]
    if teacher_logits is not None:
        target = (1 - imitation) * target + imitation * _softened(teacher_logits, temperature)
    return np.column_stack([labels, target]).astype(np.float32)


def hinton_targets(
    labels: np.ndarray, *, teacher_logits: np.ndarray, temperature: float, imitation: float
) -> np.ndarray:
    """Put together all that `hinton_crossentropy` needs, so that one compiled step serves any T, λ.

    Parameters
    ----------
    As of `training_targets`.

    Returns
    -------
    (num_examples, 3 + num_classes) float32: the label, T, λ and softmax(t / T).
    """
    constants = np.tile([temperature, imitation], (len(labels), 1))
    soft = _softened(teacher_logits, temperature)
    return np.column_stack([labels, constants, soft]).astype(np.float32)


def _softened(logits: np.ndarray, temperature: float) -> np.ndarray:
    """Return softmax(t / T), (num_examples, num_classes) float64."""
    return softmax(np.asarray(logits, np.float64) / temperature, axis=1)


def target_crossentropy(targets: keras.KerasTensor, logits: keras.KerasTensor):
    """Cross-entropy CE(p, softmax(z)) of every example, or of every frame of it.

    Parameters
    ----------
    targets : (batch, 1 + num_classes), see `training_targets`.
    logits : z, (batch, num_classes), or (batch, frames, num_classes) of a frame-wise network:
        each frame then has its example's target.

    Returns
    -------
    (batch,) or (batch, frames) float32, in nats.
    """
    target = targets[:, 1:]
    if len(logits.shape) == 3:
        target = keras.ops.broadcast_to(target[:, None], keras.ops.shape(logits))
    return keras.ops.categorical_crossentropy(target, logits, from_logits=True)


def hinton_crossentropy(targets: keras.KerasTensor, logits: keras.KerasTensor):
    """Distillation loss of Hinton et al., *Distilling the knowledge in a neural network*, 2015.

        loss = (1 - λ) · CE(y, softmax(z)) + λ · T² · CE(softmax(t / T), softmax(z / T))

    with the symbols of `training_targets`. T² keeps the second term's gradients, which shrink as
    1 / T², of one size whatever T. With λ = 0 this is training on ground truth.

    Parameters
    ----------
    targets : (batch, 3 + num_classes), see `hinton_targets`.
    logits : z, (batch, num_classes).

    Returns
    -------
    (batch,) float32, in nats.
    """
    label, temperature, imitation = (targets[:, column] for column in range(3))
    hard = keras.ops.sparse_categorical_crossentropy(
        keras.ops.cast(label, "int32"), logits, from_logits=True
    )
    soft = keras.ops.categorical_crossentropy(
        targets[:, 3:], logits / temperature[:, None], from_logits=True
    )
    return (1 - imitation) * hard + imitation * temperature**2 * soft


def crop_accuracy(targets: keras.KerasTensor, logits: keras.KerasTensor):
    """Whether each example is right, frame-wise logits averaged over its frames: (batch,) float32.

    `targets` and `logits` as in `target_crossentropy` or `hinton_crossentropy`.
    """
    if len(logits.shape) == 3:
        logits = keras.ops.mean(logits, axis=1)
    label = keras.ops.cast(targets[:, 0], "int32")
    predicted = keras.ops.cast(keras.ops.argmax(logits, axis=-1), "int32")
    return keras.ops.cast(keras.ops.equal(predicted, label), "float32")


def label_crossentropy(labels: np.ndarray, logits: np.ndarray) -> float:
    """Mean cross-entropy of crop logits (num_crops, num_classes) with their labels, in nats.

    The validation loss of every network: ground truth alone, so that cells of a grid with other
    T and λ compare.
    """
    logits = logits.astype(np.float64)
    largest = logits.max(axis=1, keepdims=True)
    log_sum = np.log(np.exp(logits - largest).sum(axis=1)) + largest[:, 0]
    return float((log_sum - logits[np.arange(len(labels)), labels]).mean())
