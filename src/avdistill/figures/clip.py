"""A clip of a sequence: its video with the acoustic images laid over it, and its sound."""

from collections.abc import Iterator, Sequence
from fractions import Fraction
from pathlib import Path
from typing import NamedTuple

import av
import numpy as np
import soxr
from matplotlib import font_manager
from PIL import Image, ImageDraw, ImageFont
from tqdm import tqdm

from avdistill.avia.dataset import DatasetDescription
from avdistill.avia.raw_layout import parse_audio
from avdistill.avia.raw_trees import RawTrees
from avdistill.avia.vocabulary import FRAME_SHAPE, FRAMES_PER_SECOND, SAMPLE_RATE, SequenceId
from avdistill.errors import InputError
from avdistill.evaluation.labels import source_label
from avdistill.figures.overlay import blend, find_files, read_levels, read_picture
from avdistill.files.atomic import atomic_file, read_bytes

_OPUS_RATE = 48_000
_PEAK = 0.7  # of the sound, of full scale
_LEAD_SECONDS = 0.5  # before the loudest moment, so that one sees it coming
_CAPTION_ROWS = 32  # codecs want sizes that are even
_BLACK, _WHITE = (0, 0, 0), (255, 255, 255)


class Clip(NamedTuple):
    """What is seen and heard.

    Attributes
    ----------
    pictures : (frames, 512, 640, 3) uint8, RGB, 12 a second, with a caption below.
    sound : (samples,) float32, at 12,288 Hz.
    """

    pictures: np.ndarray
    sound: np.ndarray


def make_clip(
    trees: RawTrees, sequence: SequenceId, dataset: DatasetDescription, *, seconds: float
) -> Clip:
    """Lay acoustic images over the frames around a sequence's loudest moment.

    Colours are relative to the clip's maximum, so between two sounds there are none.

    Raises
    ------
    InputError : the sequence lacks files of a modality, or one cannot be read.
    """
    files = find_files(trees, sequence, ("acoustic", "audio", "video"))
    levels = read_levels(files["acoustic"])
    count = min(len(levels), round(seconds * FRAMES_PER_SECOND))
    loudest = int(np.argmax(levels.max(axis=(1, 2))))
    lead = min(round(_LEAD_SECONDS * FRAMES_PER_SECOND), count // 4)
    first = max(0, min(loudest - lead, len(levels) - count))
    shown = slice(first, first + count)
    highest = levels[shown].max()
    action, scenario = dataset.classes[sequence.label], dataset.scenarios[sequence.location - 1]
    caption = f"{action}, {scenario} – {source_label(dataset.source)}"
    frames = zip(files["video"][shown], levels[shown], strict=True)
    pictures = [
        _captioned(blend(read_picture(path), level - highest), caption)
        for path, level in tqdm(frames, desc="frames", total=count)
    ]
    return Clip(np.stack(pictures), _read_sound(files["audio"][shown]))


def _read_sound(paths: Sequence[Path]) -> np.ndarray:
    """Return the first microphone's sound without its offset, its peak at `_PEAK`."""
    frames = [parse_audio(read_bytes(path), path, microphones=[0])[0] for path in paths]
    sound = np.concatenate(frames).astype(np.float64)
    sound -= sound.mean()
    return (sound * (_PEAK / (np.abs(sound).max() or 1))).astype(np.float32)


def _captioned(picture: np.ndarray, caption: str) -> np.ndarray:
    rows, columns, _ = FRAME_SHAPE
    image = Image.new("RGB", (columns, rows + _CAPTION_ROWS), _BLACK)
    image.paste(Image.fromarray(picture))
    font = ImageFont.truetype(font_manager.findfont("DejaVu Sans"), 17)
    middle = rows + _CAPTION_ROWS // 2
    ImageDraw.Draw(image).text((12, middle), caption, _WHITE, font, anchor="lm")
    return np.asarray(image)


def write_clip(clip: Clip, path: Path) -> None:
    """Write a clip with its sound as WebM (VP9 and Opus), or without as an animated WebP.

    The same clip gives the same bytes.

    Raises
    ------
    InputError : `path` has neither suffix.
    """
    if path.suffix not in _WRITERS:
        raise InputError(f"{path}: clips are written as .webm or .webp; name one of these")
    with atomic_file(path) as partial:
        _WRITERS[path.suffix](clip, partial)


def _write_webp(clip: Clip, path: Path) -> None:
    first, *others = map(Image.fromarray, clip.pictures)
    first.save(
        path,
        format="WEBP",
        save_all=True,
        append_images=others,
        duration=round(1000 / FRAMES_PER_SECOND),
        loop=0,
        quality=60,
        method=6,
    )


def _write_webm(clip: Clip, path: Path) -> None:
    # Without `bitexact` each file would have a random number.
    with av.open(path, "w", format="webm", options={"fflags": "+bitexact"}) as container:
        video = container.add_stream("libvpx-vp9", rate=FRAMES_PER_SECOND)
        video.height, video.width = clip.pictures.shape[1:3]
        video.pix_fmt = "yuv420p"
        video.thread_count = 1  # with more, the bytes depend on how many
        video.bit_rate = 0  # the quality decides
        video.options = {"crf": "32", "deadline": "good", "cpu-used": "3"}
        audio = container.add_stream("libopus", rate=_OPUS_RATE, layout="mono")
        for stream, frames in ((video, _video_frames(clip)), (audio, _audio_frames(clip))):
            for frame in (*frames, None):  # the last one empties the encoder
                container.mux(stream.encode(frame))


def _video_frames(clip: Clip) -> Iterator[av.VideoFrame]:
    for number, picture in enumerate(clip.pictures):
        frame = av.VideoFrame.from_ndarray(picture, format="rgb24")
        frame.pts, frame.time_base = number, Fraction(1, FRAMES_PER_SECOND)
        yield frame


def _audio_frames(clip: Clip) -> Iterator[av.AudioFrame]:
    samples = soxr.resample(clip.sound, SAMPLE_RATE, _OPUS_RATE).astype(np.float32)
    frame = av.AudioFrame.from_ndarray(samples[None], format="flt", layout="mono")
    frame.sample_rate, frame.pts, frame.time_base = _OPUS_RATE, 0, Fraction(1, _OPUS_RATE)
    yield frame


_WRITERS = {".webm": _write_webm, ".webp": _write_webp}
