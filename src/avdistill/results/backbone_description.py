"""`backbone.json`: the description of a backbone and of the video frames that it takes."""

from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from avdistill.avia.vocabulary import FRAMES_PER_SECOND
from avdistill.errors import InputError
from avdistill.files.atomic import read_json, write_json

DESCRIPTION_FILE = "backbone.json"
NOISE = "noise"  # instead of a scope; see `avdistill.vision.noise`

_KINDS = {
    "name": str,
    "weights": str,
    "recalibrated_on": (str, type(None)),
    "temporal": bool,
    "frames": list,
    "seed": int,
    "trained_on": (str, type(None)),
    "sha256": str,
}


@dataclass(frozen=True)
class BackboneDescription:
    """The description of a backbone.

    Attributes
    ----------
    name : `resnet50` or `temporal_resnet50`.
    weights : where its weights come from, such as `random` or `ImageNet (Keras)`.
    recalibrated_on : the scope whose training frames its batch-norm statistics are from; `noise`
        if weights are random and no scope is named; None if they came with the weights.
    temporal : whether it takes all `frames` of a second together, or each frame alone.
    frames : numbers, from 0, of the frames of a second whose features are stored.
    seed : seed of random weights and of the order of frames in the recalibration.
    trained_on : scope on which its convolutions over time were trained; None if they are the
        identity or came with the weights.
    sha256 : sha256 of `backbone.keras`, which identifies the backbone in features and networks.
    """

    name: str
    weights: str
    recalibrated_on: str | None
    temporal: bool
    frames: tuple[int, ...]
    seed: int
    trained_on: str | None = None
    sha256: str = field(kw_only=True)

    @property
    def initial_weights(self) -> str:
        """Return words for the initial weights of a network that is trained on these features."""
        words = {
            f"{self.weights} backbone": True,
            "temporal": self.temporal,
            # Random weights without a scope mean noise.
            f"recalibrated on {self.recalibrated_on}": self.recalibrated_on not in (None, NOISE),
            f"convolutions over time trained on {self.trained_on}": self.trained_on is not None,
        }
        return ", ".join(text for text, applies in words.items() if applies)

    def write(self, folder: Path) -> None:
        """Write `backbone.json`, atomically."""
        write_json(Path(folder) / DESCRIPTION_FILE, asdict(self))

    @classmethod
    def read(cls, folder: Path) -> "BackboneDescription":
        """Return the description that `write` wrote; raise `InputError` for any other content."""
        path = Path(folder) / DESCRIPTION_FILE
        value = read_json(path)
        if not _is_description(value):
            raise InputError(f"{path}: not a backbone's description; run prepare-backbone again")
        return cls(**value | {"frames": tuple(value["frames"])})


def _is_description(value: Any) -> bool:
    """Check the keys, their kinds, and that frames ascend, each of them once."""
    return (
        isinstance(value, dict)
        and value.keys() == _KINDS.keys()
        and all(isinstance(value[key], kind) for key, kind in _KINDS.items())
        and bool(value["frames"])
        and value["frames"]
        == sorted({frame for frame in value["frames"] if frame in range(FRAMES_PER_SECOND)})
    )
