"""One simulated sequence, written in AVIA's raw layout."""

import io
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

import numpy as np
from scipy.io import savemat
from threadpoolctl import threadpool_limits

from avdistill.avia.dataset import DatasetDescription
from avdistill.avia.vocabulary import NUM_MICROPHONES, SequenceId
from avdistill.errors import InputError
from avdistill.files.atomic import atomic_directory
from avdistill.files.manifest import ManifestRow, describe_file
from avdistill.simulation.acoustic_images import acoustic_images
from avdistill.simulation.array import microphone_positions
from avdistill.simulation.gestures import GESTURES, LOUDSPEAKER, Gesture
from avdistill.simulation.propagation import diffuse_field, free_field, shoebox
from avdistill.simulation.recordings import LEVEL, play, recordings_of
from avdistill.simulation.scene import Scene, Source, compose_scene
from avdistill.simulation.sounds.repertoire import perform
from avdistill.simulation.sounds.resonance import (
    REFERENCE_PRESSURE,
    Performance,
    smooth_noise,
)
from avdistill.simulation.subjects import Subject, draw_numbered_subject
from avdistill.simulation.video import render_frames

# The noise of a good MEMS microphone, 29 dB(A): 65 dB below the standard 94 dB SPL.
SENSOR_NOISE = REFERENCE_PRESSURE * 10 ** (29 / 20)  # Pa
# AVIA's samples are int32 of unknown scale. Ours: a 24-bit converter whose full scale is 20 Pa,
# some 120 dB SPL, the overload point of such microphones.
COUNTS_PER_PASCAL = 2**23 / 20
# The header's description of the file; the usual one holds the time of writing.
_MAT_DESCRIPTION = b"MATLAB 5.0 MAT-file, simulated acoustic image".ljust(116)


class World(NamedTuple):
    """Everything that the files of a sequence are made from."""

    subject: Subject
    gesture: Gesture
    performance: Performance
    scene: Scene
    air_rng: np.random.Generator
    video_rng: np.random.Generator


def compose_world(
    sequence: SequenceId,
    dataset: DatasetDescription,
    *,
    seed: int,
    scenario_kinds: Sequence[str],
    recordings: Path | None = None,
) -> World:
    """Draw a sequence's world; it depends on the seed and the sequence's numbers alone.

    Raises
    ------
    InputError : a sequence that the data set lacks, scenarios and their kinds that differ in
        number, a class without synthesis, or a recording that cannot be used.
    """
    if sequence not in dataset.sequences():
        raise InputError(f"{sequence.name}: no such sequence in the data set")
    if len(scenario_kinds) != len(dataset.scenarios):
        raise InputError(
            f"{len(scenario_kinds)} kinds for {len(dataset.scenarios)} scenarios; name one for each"
        )
    subject = draw_numbered_subject(seed, sequence.subject)
    action, seconds = dataset.classes[sequence.label], dataset.sequence_seconds
    sound_rng, scene_rng, air_rng, video_rng = np.random.default_rng([seed, *sequence]).spawn(4)
    if recordings is None:
        performance, gesture = perform(action, subject, seconds, sound_rng), GESTURES[action]
    else:
        files, gesture = recordings_of(sequence, dataset, recordings, seed), LOUDSPEAKER
        performance = play(files, seconds, LEVEL + subject.strength_db)
    return World(
        subject=subject,
        gesture=gesture,
        performance=performance,
        scene=compose_scene(
            scenario_kinds[sequence.location - 1],
            seconds,
            source_height=gesture.source_height(subject),
            room_rng=np.random.default_rng([seed, sequence.location, 0, 1]),
            rng=scene_rng,
        ),
        air_rng=air_rng,
        video_rng=video_rng,
    )


def record_array(world: World) -> np.ndarray:
    """Record a world with every microphone of the array.

    Returns
    -------
    (samples, 128) float32, pressure in pascals.
    """
    scene, rng = world.scene, world.air_rng
    microphones, samples = microphone_positions(), len(world.performance.signal)
    recording = rng.standard_normal((samples, NUM_MICROPHONES), dtype=np.float32)
    recording *= np.float32(SENSOR_NOISE)
    if scene.ambience is not None:
        air = diffuse_field(rng, samples, scene.ambience, microphones)
        air *= np.exp(0.25 * smooth_noise(rng, samples, 0.7)).astype(np.float32)[:, None]  # gusts
        recording += air
    sources = [Source(world.performance.signal, scene.position), *scene.others]
    if scene.room is not None:
        signals, positions = map(np.stack, zip(*sources, strict=True))
        return shoebox(signals, positions, scene.room, microphones, add_to=recording)
    for source in sources:
        free_field(*source, microphones, add_to=recording)
    return recording


def quantise(pressure: np.ndarray) -> np.ndarray:
    """Convert pascals to int32 counts.

    Raises
    ------
    OverflowError : beyond int32, some 168 dB SPL, which no simulated sound reaches.
    """
    counts = np.rint(pressure.astype(np.float64) * COUNTS_PER_PASCAL)
    if np.abs(counts).max(initial=0) >= 2**31:
        raise OverflowError("sound pressure beyond the range of int32 samples")
    return counts.astype(np.int32)


def mat_bytes(image: np.ndarray) -> bytes:
    """Return a MAT-file with the variable `MFCC`, uncompressed: noise compresses little."""
    buffer = io.BytesIO()
    savemat(buffer, {"MFCC": image})
    return _MAT_DESCRIPTION + buffer.getvalue()[116:]


def npy_bytes(samples: np.ndarray) -> bytes:
    """Return a NumPy file of one frame's samples."""
    buffer = io.BytesIO()
    np.save(buffer, samples, allow_pickle=False)
    return buffer.getvalue()


def simulate_sequence(
    sequence: SequenceId,
    root: Path,
    dataset: DatasetDescription,
    *,
    seed: int,
    microphones: int = 1,
    scenario_kinds: Sequence[str],
    recordings: Path | None = None,
) -> list[ManifestRow]:
    """Simulate a sequence and write its raw files; its folders appear whole or not at all.

    Parameters
    ----------
    root : the folder of `matfiles` and `sync`.
    seed : the data set's.
    microphones : how many of the array's 128 to store, from the first.
    scenario_kinds : one of `scene.KINDS` for each of the data set's scenarios.
    recordings : folder of recordings by class that are played in place of synthesised actions.

    Returns
    -------
    One row for each file, its path relative to `root`.

    Raises
    ------
    InputError : as `compose_world`, or a number of microphones that the array does not have.
    """
    if not 1 <= microphones <= NUM_MICROPHONES:
        raise InputError(f"{microphones} microphones; store between 1 and {NUM_MICROPHONES}")
    rows, folder = [], sequence.raw_folder
    # One thread: jobs run side by side, and sums must not depend on the number of cores.
    with (
        threadpool_limits(1),
        atomic_directory(root / "matfiles" / folder) as matfiles,
        atomic_directory(root / "sync" / folder) as sync,
    ):
        world = compose_world(
            sequence, dataset, seed=seed, scenario_kinds=scenario_kinds, recordings=recordings
        )
        recording = record_array(world)
        images = acoustic_images(recording)
        audio = np.split(quantise(recording[:, :microphones]).T, len(images), axis=1)
        frames = render_frames(
            world.scene,
            world.subject,
            world.gesture,
            world.performance,
            num_frames=len(images),
            place_rng=np.random.default_rng([seed, sequence.location, 0, 2]),
            rng=world.video_rng,
        )
        for index, (image, samples, jpeg) in enumerate(zip(images, audio, frames, strict=True), 1):
            for partial, tree, name, data in (
                (matfiles, "matfiles", f"MFCC_Image/Data_{index}.mat", mat_bytes(image)),
                (sync, "sync", f"audio/A_{index:06d}.npy", npy_bytes(samples)),
                (sync, "sync", f"video/I_{index:06d}.jpeg", jpeg),
            ):
                (partial / name).parent.mkdir(exist_ok=True)
                (partial / name).write_bytes(data)
                rows.append(describe_file(sequence.name, f"{tree}/{folder}/{name}", data))
    return sorted(rows)
