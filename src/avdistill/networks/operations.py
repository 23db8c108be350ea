"""Names of what is in a model, the same whatever the process has built before."""

import keras


def name_operations(model: keras.Model) -> keras.Model:
    """Name a model's operations that are not layers by kind and number, and return the model.

    Keras numbers them (reshape, reshape_1, ...) over the life of the process, and the numbers
    would go into a saved model. Models within the model have names of their own and are left.
    """
    plain = [part for part in model.operations if not isinstance(part, keras.layers.Layer)]
    for number, operation in enumerate(plain, start=1):
        operation.name = f"{type(operation).__name__.lower()}_{number}"
    return model
