"""The list of networks, with what the rest of the project needs to know of each.

Configuration, figures, tables and rules derive from `NETWORKS`. To add a network, write the module
`avdistill.networks.NAME` and add one entry here; `NetworkSpec` says what the module must have.

A network's module is imported only when it is used. So no other code depends on it, and importing
this module does not start TensorFlow.
"""

import importlib
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal

from avdistill.errors import InputError

if TYPE_CHECKING:
    from types import ModuleType

    import keras
    import numpy as np

GROUND_TRUTH = "ground_truth"  # supervision without soft labels, of all teachers and some students
STUDENT_SECONDS = 5  # length of a student's input; a teacher's is one second
TEMPORAL_FRAMES = 5  # frames of a second, evenly spaced, in Temporal ResNet-50's input

Role = Literal["teacher", "student"]
Modality = Literal["acoustic", "vision", "audiovisual", "spectrogram", "waveform"]

_RECORDED: dict[Modality, tuple[str, ...]] = {
    "acoustic": ("acoustic",),
    "vision": ("video",),
    "audiovisual": ("acoustic", "video"),
    "spectrogram": ("audio",),
    "waveform": ("audio",),
}


@dataclass(frozen=True)
class NetworkSpec:
    """Facts about a network that are known before it is built.

    The network's module has a function `build(num_classes, seed)`. It returns a Keras model of the
    network's name, with fresh weights; `avdistill.networks.construction` names its operations that
    are no layers. A student ends with `avdistill.networks.shared_head`, whose input transfer uses
    as features. The module has more where an attribute below says so.

    Attributes
    ----------
    name : its name in configuration, files and commands, and its module's.
    role : a `teacher` takes single seconds, a `student` five.
    modality : its input, made from a crop of records: `acoustic` images, `vision` (stored features
        of frames), both (`audiovisual`), a `spectrogram` or a `waveform`.
    label : its name in figures and tables, which is the paper's.
    frame_wise : whether it gives one logit vector per frame rather than one per crop.
    letter : the paper's letter for students of its soft labels.
    published_name : its name in the released code, whose checkpoints can be imported; then its
        module has `PUBLISHED_SCOPE` and `PUBLISHED_KERNELS`, or a `published_kernels`.
    published_weights : network whose published weights its first layers can start from; then its
        module has `load_published_weights`, and the configuration may name a file in `weights`.
    build_options : further parameters of `build`, which the configuration may set.
    table1 : learning rates of the paper (supplement, table 1) by supervision, or by supervision and
        scope where one scope has a rate of its own.
    """

    name: str
    role: Role
    modality: Modality
    label: str
    frame_wise: bool = False
    letter: str | None = None
    published_name: str | None = None
    published_weights: str | None = None
    build_options: tuple[str, ...] = ()
    table1: dict[str | tuple[str, str], float] = field(default_factory=dict, hash=False)

    @property
    def length_seconds(self) -> int:
        """Length of the crop that is one example."""
        return STUDENT_SECONDS if self.role == "student" else 1

    @property
    def recorded_modalities(self) -> tuple[str, ...]:
        """Modalities that records must hold for it, of `acoustic`, `audio` and `video`."""
        return _RECORDED[self.modality]

    @property
    def uses_video_features(self) -> bool:
        """Whether it is trained on stored features of video frames, which a backbone computes.

        Its module then has, besides `build`, a `build_whole` with the backbone, from pixels on.
        """
        return "video" in self.recorded_modalities

    @property
    def uses_statistics(self) -> bool:
        """Whether its inputs are normalised by the bounds of the training split's spectrograms."""
        return self.modality == "spectrogram"

    @property
    def temporal(self) -> bool:
        """Whether it takes the frames of a second together, `TEMPORAL_FRAMES` of them."""
        return self.modality == "vision" and not self.frame_wise

    @property
    def backbone(self) -> str | None:
        """Backbone of its video features, named after the first such network; None: it has none."""
        vision = (spec for spec in NETWORKS.values() if spec.modality == "vision")
        names = (spec.name for spec in vision if spec.temporal == self.temporal)
        return next(names) if self.uses_video_features else None

    @property
    def own_settings(self) -> tuple[str, ...]:
        """Keys of the configuration's `students.NAME` that not every student has."""
        return ("weights",) * bool(self.published_weights) + self.build_options

    @property
    def module(self) -> "ModuleType":
        """Module that builds it, and that imports TensorFlow."""
        return importlib.import_module(f"avdistill.networks.{self.name}")


# In the paper's order, which is that of tables too.
NETWORKS = {
    spec.name: spec
    for spec in (
        NetworkSpec(
            "dualcamnet",
            "teacher",
            "acoustic",
            "DualCamNet",
            frame_wise=True,
            letter="D",
            published_name="DualCamHybridNet",
            table1={GROUND_TRUTH: 1e-3},
        ),
        NetworkSpec(
            "resnet50",
            "teacher",
            "vision",
            "ResNet-50",
            frame_wise=True,
            letter="R",
            published_name="ResNet50",
            table1={GROUND_TRUTH: 1e-4},
        ),
        NetworkSpec(
            "temporal_resnet50",
            "teacher",
            "vision",
            "Temporal ResNet-50",
            published_name="TemporalResNet50",
            table1={GROUND_TRUTH: 1e-4},
        ),
        NetworkSpec(
            "avnet",
            "teacher",
            "audiovisual",
            "AVNet",
            frame_wise=True,
            published_name="AVModel",
            table1={GROUND_TRUTH: 1e-4},
        ),
        NetworkSpec(
            "hearnet",
            "student",
            "spectrogram",
            "HearNet",
            published_name="HearNet",
            # From DualCamNet the table has two values; section 3 of the supplement says that the
            # smaller one is the first scenario's.
            table1={
                GROUND_TRUTH: 1e-4,
                "dualcamnet": 1e-3,
                ("dualcamnet", "scenario1"): 1e-4,
                "resnet50": 1e-3,
            },
        ),
        NetworkSpec(
            "soundnet",
            "student",
            "waveform",
            "OurSoundNet",
            published_name="SoundNet5",
            published_weights="SoundNet",
            build_options=("batch_norm_decay",),
            table1={GROUND_TRUTH: 1e-4, "dualcamnet": 1e-3, "resnet50": 1e-4},
        ),
    )
}
TEACHERS = tuple(name for name, spec in NETWORKS.items() if spec.role == "teacher")
STUDENTS = tuple(name for name, spec in NETWORKS.items() if spec.role == "student")
BACKBONES = tuple(dict.fromkeys(spec.backbone for spec in NETWORKS.values() if spec.backbone))


def network_spec(name: str, role: Role | None = None) -> NetworkSpec:
    """Find a network by its name, among all or only those of a role.

    Raises
    ------
    InputError : there is none of this name; the message lists those that there are.
    """
    known = {"teacher": TEACHERS, "student": STUDENTS, None: tuple(NETWORKS)}[role]
    if name not in known:
        raise InputError(f"unknown {role or 'network'} {name!r}; choose from: {', '.join(known)}")
    return NETWORKS[name]


def students_with(*settings: str) -> list[str]:
    """List the students that have one of these settings of their own, see `own_settings`."""
    return [name for name in STUDENTS if {*settings} & {*NETWORKS[name].own_settings}]


def table1_learning_rate(network: str, supervision: str, scope: str) -> float | None:
    """Return the paper's learning rate; None where table 1 has none for these.

    Parameters
    ----------
    supervision : `ground_truth` (G, and every teacher), `dualcamnet` (D) or `resnet50` (R).
    scope : `scenario1` and so on, or `all`.
    """
    rates = network_spec(network).table1
    return rates.get((supervision, scope), rates.get(supervision))


def build(name: str, num_classes: int, seed: int, **options: Any) -> "keras.Model":
    """Build a network with weights drawn from `seed`; of a vision teacher the trained part only.

    The model's name is the network's. The same name, classes, seed and options give the same
    weights and the same configuration, whatever else the process has built before.

    Parameters
    ----------
    options : the network's own `build_options`, such as `batch_norm_decay` of OurSoundNet.
    """
    return network_spec(name).module.build(num_classes, seed, **options)


def crop_logits(spec: NetworkSpec, logits: "np.ndarray") -> "np.ndarray":
    """Average a network's output over the frames of each crop: (crops, classes)."""
    return logits.mean(axis=1) if spec.frame_wise else logits
