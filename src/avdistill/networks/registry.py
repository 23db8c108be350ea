"""Which networks there are, and what each one takes."""

import importlib
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

import numpy as np

from avdistill.errors import InputError

if TYPE_CHECKING:
    from types import ModuleType

    import keras

STUDENT_SECONDS = 5  # length of a student's input; a teacher's is one second
TEMPORAL_FRAMES = 5  # of a second, evenly, that Temporal ResNet-50 sees


@dataclass(frozen=True)
class NetworkSpec:
    """What the rest of the project needs to know of a network before it is built.

    Attributes
    ----------
    name : its name in configuration, files and commands.
    published_name : its name in the released code.
    role : `teacher`s judge single seconds, `student`s hear `length_seconds`.
    modality : what a crop of records is turned into: `acoustic` images, `vision` (stored features
        of frames), both (`audiovisual`), `spectrogram` or `waveform`.
    length_seconds : length of the crop that is one example.
    frame_wise : whether it gives one logit vector per frame rather than one per crop.
    """

    name: str
    published_name: str
    role: Literal["teacher", "student"]
    modality: Literal["acoustic", "vision", "audiovisual", "spectrogram", "waveform"]
    length_seconds: int
    frame_wise: bool

    @property
    def uses_video_features(self) -> bool:
        """Whether it is trained on stored features of video frames; then it has a backbone too.

        Its module then has, besides `build`, a `build_whole` that builds both, from pixels on.
        """
        return self.modality in ("vision", "audiovisual")

    @property
    def temporal(self) -> bool:
        """Whether it sees the frames of a second together, `TEMPORAL_FRAMES` of them."""
        return self.modality == "vision" and not self.frame_wise

    @property
    def uses_acoustic_images(self) -> bool:
        """Whether acoustic images are among its inputs."""
        return self.modality in ("acoustic", "audiovisual")

    @property
    def module(self) -> "ModuleType":
        """Module that builds it; importing it imports TensorFlow."""
        return importlib.import_module(f"avdistill.networks.{self.name}")


NETWORKS = {
    spec.name: spec
    for spec in (
        NetworkSpec("dualcamnet", "DualCamHybridNet", "teacher", "acoustic", 1, frame_wise=True),
        NetworkSpec("resnet50", "ResNet50", "teacher", "vision", 1, frame_wise=True),
        NetworkSpec(
            "temporal_resnet50", "TemporalResNet50", "teacher", "vision", 1, frame_wise=False
        ),
        NetworkSpec("avnet", "AVModel", "teacher", "audiovisual", 1, frame_wise=True),
        NetworkSpec("hearnet", "HearNet", "student", "spectrogram", 5, frame_wise=False),
        NetworkSpec("soundnet", "SoundNet5", "student", "waveform", 5, frame_wise=False),
    )
}


def network_spec(name: str, role: str | None = None) -> NetworkSpec:
    """Look a network up, optionally among `teacher`s or `student`s only.

    Raises
    ------
    InputError : there is none of this name; the message lists those that there are.
    """
    known = [spec.name for spec in NETWORKS.values() if role in (None, spec.role)]
    if name not in known:
        raise InputError(f"unknown {role or 'network'} {name!r}; choose from: {', '.join(known)}")
    return NETWORKS[name]


def build(name: str, num_classes: int, seed: int, **options: Any) -> "keras.Model":
    """Build a network, or of a vision teacher what is trained, with weights drawn from `seed`.

    The model's name is the network's. The same name, classes, seed and options give the same
    weights, and the same configuration whatever else the process has built before.

    Parameters
    ----------
    options : those of the network's own `build`, such as `batch_norm_decay` of OurSoundNet.
    """
    from avdistill.networks.operations import name_operations  # noqa: PLC0415, starts TensorFlow

    return name_operations(network_spec(name).module.build(num_classes, seed, **options))


def crop_logits(spec: NetworkSpec, logits: np.ndarray) -> np.ndarray:
    """Average a network's output over the frames of each crop: (crops, classes)."""
    return logits.mean(axis=1) if spec.frame_wise else logits
