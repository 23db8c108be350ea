"""What a student has learned to hear, for use on other tasks."""

from typing import TYPE_CHECKING

from avdistill.errors import InputError
from avdistill.networks.registry import network_spec

if TYPE_CHECKING:
    import keras


def feature_model(model: "keras.Model") -> "keras.Model":
    """Cut a student before the shared head.

    Returns
    -------
    A model that gives the last convolution's output (HearNet's conv5): (batch, 1024) float32,
    one row per crop. It shares its weights with `model`.

    Raises
    ------
    InputError : the model is a teacher.
    """
    import keras  # noqa: PLC0415, TensorFlow starts with it

    if network_spec(model.name).role != "student":
        raise InputError(f"{model.name} is a teacher: features are taken from students")
    return keras.Model(model.inputs, model.get_layer("fc1").input, name=f"{model.name}_features")
