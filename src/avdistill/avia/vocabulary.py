"""AVIA's names for actions, scenarios and sequences, and the numbers of its sensor.

Sources: the paper's supplementary material and the released code. Classes and scenarios are
set in the configuration; AVIA's are the default.
"""

import itertools
import re
from collections.abc import Collection
from typing import NamedTuple

from avdistill.errors import InputError

ACTIONS = (
    "clapping",
    "snapping fingers",
    "speaking",
    "whistling",
    "playing kendama",
    "clicking",
    "typing",
    "knocking",
    "hammering",
    "peanut breaking",
    "paper ripping",
    "plastic crumpling",
    "paper shaking",
    "stick dropping",
)
SCENARIOS = ("anechoic chamber", "open-space office", "outdoor terrace")
NUM_SUBJECTS = 9

FRAMES_PER_SECOND = 12
SAMPLES_PER_FRAME = 1024
SAMPLE_RATE = FRAMES_PER_SECOND * SAMPLES_PER_FRAME  # 12,288 Hz
NUM_MICROPHONES = 128
BROKEN_MICROPHONES = (79, 105)  # from 0, of the DualCam that recorded AVIA
ACOUSTIC_IMAGE_SHAPE = (36, 48, 12)  # rows, columns, MFCC channels
FRAME_SHAPE = (480, 640, 3)  # rows, columns, RGB

TREES = ("matfiles", "sync")  # of the raw layout
TREE_OF = {"acoustic": "matfiles", "audio": "sync", "video": "sync"}

_NAME = re.compile(r"Location_(\d+)/Subject_(\d+)/Action_(\d+)")


def microphones_kept(number: int, left_out: Collection[int] = ()) -> list[int]:
    """Return the numbers, from 0, of the first microphones that are not left out."""
    usable = (microphone for microphone in itertools.count() if microphone not in left_out)
    return list(itertools.islice(usable, number))


class SequenceId(NamedTuple):
    """One sequence: the numbers of its scenario, subject and action, all from 1."""

    location: int
    subject: int
    action: int

    @property
    def name(self) -> str:
        """Return the name of its records' folder and in tables; actions are counted from 1."""
        return f"Location_{self.location:02d}/Subject_{self.subject:02d}/Action_{self.action:03d}"

    @property
    def raw_folder(self) -> str:
        """Return the folder of its raw files; there AVIA counts actions from 0."""
        return f"Location_{self.location}/Subject_{self.subject}/Action_{self.action - 1}"

    @property
    def label(self) -> int:
        """Return the class label that records hold: the action counted from 0."""
        return self.action - 1

    @classmethod
    def parse(cls, name: str) -> "SequenceId":
        """Return the sequence of a name such as `Location_01/Subject_03/Action_005`."""
        match = _NAME.fullmatch(name)
        if not match or 0 in (numbers := tuple(map(int, match.groups()))):
            raise InputError(
                f"{name!r} is not the name of a sequence; write it like "
                "Location_01/Subject_03/Action_005, each number from 1"
            )
        return cls(*numbers)


def trees_of(modalities: Collection[str]) -> tuple[str, ...]:
    """Return the trees of the raw layout that hold some modalities."""
    return tuple(tree for tree in TREES if tree in {TREE_OF[one] for one in modalities})
