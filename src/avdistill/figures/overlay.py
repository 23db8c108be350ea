"""A video frame with its acoustic image on top, which shows where the sound comes from."""

import io
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from matplotlib import colormaps
from matplotlib.cm import ScalarMappable
from matplotlib.colors import ListedColormap, Normalize
from matplotlib.figure import Figure
from PIL import Image
from scipy.ndimage import zoom
from tqdm import tqdm

from avdistill.avia.dataset import DatasetDescription
from avdistill.avia.raw_layout import find_sequence, load_frame
from avdistill.avia.raw_trees import RawTrees
from avdistill.avia.vocabulary import ACOUSTIC_IMAGE_SHAPE, FRAME_SHAPE, SequenceId
from avdistill.errors import InputError
from avdistill.evaluation.labels import source_label
from avdistill.figures.style import GREY, new_figure, style
from avdistill.simulation.acoustic_images import NUM_BANDS, level_from_mfcc

# The highest of the mel bands, 3 to 6 kHz: for lower frequencies an array of half a metre is too
# small to separate directions, and the lowest band would dominate a level of all bands.
_HIGH_BANDS = 6
RANGE_DB = 15.0  # below the frame's maximum; fainter directions are transparent
# Sounds that are short and loud at all frequencies, which a small array locates well.
LOCATABLE_CLASSES = ("clapping", "hammering", "knocking")
_KINDS = {"acoustic": "acoustic images", "audio": "files of sound", "video": "frames"}
_OPAQUE = 0.65  # share of colour at the maximum
# Even steps in lightness. Its darkest part would only darken the frame, so it is left out.
_COLOURS = ListedColormap(colormaps["inferno"](np.linspace(0.25, 1, 256)))


def choose_sequence(
    dataset: DatasetDescription, *, seed: int, location: int | None = None
) -> SequenceId:
    """Choose a sequence whose sound is easy to locate.

    Its class is the first of `LOCATABLE_CLASSES` that the data set has, or else the first class.
    If no location is given, it is from scenario 2 if this has the class: in AVIA's office other
    people are in the picture, so that it matters who makes the sound. The seed draws the subject.

    Raises
    ------
    InputError : the data set has no sequence in the location.
    """
    sequences = [one for one in dataset.sequences() if location in (None, one.location)]
    if not sequences:
        raise InputError(f"scenario {location}: the data set has no such one; name another")
    actions = {dataset.classes[sequence.label]: sequence.action for sequence in sequences}
    action = next(
        (actions[name] for name in LOCATABLE_CLASSES if name in actions), sequences[0].action
    )
    locations = {sequence.location for sequence in sequences if sequence.action == action}
    chosen = 2 if 2 in locations else min(locations)
    candidates = [one for one in sequences if (one.location, one.action) == (chosen, action)]
    return candidates[int(np.random.default_rng(seed).integers(len(candidates)))]


def high_level(image: np.ndarray) -> np.ndarray:
    """Return the level of the highest mel bands in each direction.

    It is not known how AVIA's coefficients were computed. They are assumed to be like those of
    `avdistill.simulation.acoustic_images`.

    Parameters
    ----------
    image : (36, 48, 12), an acoustic image.

    Returns
    -------
    (36, 48) float, dB.
    """
    return level_from_mfcc(image.astype(np.float64), lowest_band=NUM_BANDS - _HIGH_BANDS)


def strongest_frame(trees: RawTrees, sequence: SequenceId) -> tuple[np.ndarray, np.ndarray]:
    """Read the frame of a sequence that has the loudest direction; the first of equals.

    Returns
    -------
    frame : (480, 640, 3) uint8, RGB.
    level : (36, 48) float, see `high_level`, relative to the frame's maximum.

    Raises
    ------
    InputError : the sequence lacks acoustic images or frames, or a file cannot be read.
    """
    files = find_files(trees, sequence, ("acoustic", "video"))
    levels = read_levels(files["acoustic"])
    strongest = int(np.argmax(levels.max(axis=(1, 2))))
    frame = read_picture(files["video"][strongest])
    return frame, levels[strongest] - levels[strongest].max()


def find_files(
    trees: RawTrees, sequence: SequenceId, modalities: Sequence[str]
) -> dict[str, list[Path]]:
    """Return a sequence's raw files of some modalities, equally many of each.

    Raises
    ------
    InputError : there is none, or not as many of each.
    """
    found = find_sequence(trees, sequence)
    files = {modality: found[modality] for modality in modalities}
    if len(numbers := {*map(len, files.values())}) > 1 or 0 in numbers:
        counts = " and ".join(f"{len(files[name])} {_KINDS[name]}" for name in modalities)
        raise InputError(f"{trees}: {sequence.name} has {counts}; make or get the sequence again")
    return files


def read_levels(paths: Sequence[Path]) -> np.ndarray:
    """Return the levels of acoustic images, (images, 36, 48) float, see `high_level`."""
    images = tqdm(paths, desc="acoustic images")
    return np.stack([high_level(load_frame("acoustic", path)) for path in images])


def read_picture(path: Path) -> np.ndarray:
    """Return a video frame, (480, 640, 3) uint8, RGB."""
    return np.asarray(Image.open(io.BytesIO(load_frame("video", path))))


def blend(frame: np.ndarray, level: np.ndarray, *, magnified: int = 1) -> np.ndarray:
    """Return a frame with a level on top, transparent where the level is low.

    Parameters
    ----------
    frame : (480, 640, 3) uint8.
    level : (36, 48), dB relative to what is to be the maximum of colours.
    magnified : factor for the frame's pixels; with 2 colours are smoother.

    Returns
    -------
    (480 * magnified, 640 * magnified, 3) uint8.
    """
    rows, columns, _ = FRAME_SHAPE
    size = magnified * columns, magnified * rows
    factor = magnified * rows / ACOUSTIC_IMAGE_SHAPE[0]
    # `grid_mode`, since pixels of both pictures are areas of the same view.
    smooth = zoom(level, factor, order=3, mode="nearest", grid_mode=True)
    strength = np.clip(1 + smooth / RANGE_DB, 0, 1)[..., None]
    large = np.asarray(Image.fromarray(frame).resize(size, Image.Resampling.LANCZOS)) / 255
    opacity = _OPAQUE * strength
    mixed = (1 - opacity) * large + opacity * _COLOURS(strength[..., 0])[..., :3]
    return np.rint(255 * mixed).astype(np.uint8)


def draw_overlay(
    frame: np.ndarray, level: np.ndarray, dataset: DatasetDescription, sequence: SequenceId
) -> Figure:
    """Draw a frame with its acoustic image on top, the action, the scenario and the scale.

    Parameters
    ----------
    frame, level : from `strongest_frame`.
    """
    action = dataset.classes[sequence.label]
    scenario = dataset.scenarios[sequence.location - 1]
    with style():
        figure = new_figure(8, 5.75)
        axes = figure.add_subplot()
        axes.imshow(blend(frame, level, magnified=2), interpolation="antialiased")
        axes.set_axis_off()
        axes.set_title(f"{action}, {scenario}", loc="left", fontsize=12)
        axes.set_title(source_label(dataset.source), loc="right", color=GREY)
        figure.colorbar(
            ScalarMappable(Normalize(-RANGE_DB, 0), _COLOURS),
            cax=axes.inset_axes((1.015, 0, 0.02, 1)),
            ticks=np.arange(-RANGE_DB, 1, 5),
            label="sound level, 3 to 6 kHz (dB relative to the frame's maximum)",
        ).outline.set_visible(False)
    return figure
