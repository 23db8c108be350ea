"""What a student starts from."""

from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from avdistill.networks.registry import NetworkSpec, build

if TYPE_CHECKING:
    import keras


class Start(NamedTuple):
    """How a student is built before it is trained; all but the defaults are OurSoundNet's.

    Attributes
    ----------
    weights_file, sha256 : published SoundNet weights for its first layers, and their digest;
        None draws all weights.
    batch_norm_decay : None leaves the network's own.
    """

    weights_file: Path | None = None
    sha256: str | None = None
    batch_norm_decay: float | None = None

    def build(self, spec: NetworkSpec, num_classes: int, seed: int) -> tuple["keras.Model", str]:
        """Build a student; also return what its weights are, in words.

        Raises
        ------
        InputError : the file of weights is missing, damaged or of another network.
        """
        options = {}
        if self.batch_norm_decay is not None:
            options["batch_norm_decay"] = self.batch_norm_decay
        model = build(spec.name, num_classes, seed, **options)
        if self.weights_file is None:
            return model, "random"
        return model, spec.module.load_published_weights(model, self.weights_file, self.sha256)
