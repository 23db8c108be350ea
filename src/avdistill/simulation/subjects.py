"""Subjects: the people who do the actions, each with a body, clothes, a manner and objects."""

from typing import NamedTuple

import numpy as np

from avdistill.simulation.brush import Colour

SKINS: tuple[Colour, ...] = (
    (244, 208, 177), (231, 184, 143), (212, 158, 116), (181, 124, 84), (141, 92, 60), (102, 66, 44),
)  # fmt: skip
HAIRS: tuple[Colour, ...] = (
    (34, 28, 26), (62, 42, 30), (104, 70, 44), (150, 112, 66), (120, 118, 116), (96, 46, 30),
)  # fmt: skip
GARMENTS: tuple[Colour, ...] = (
    (46, 72, 118), (122, 44, 48), (58, 102, 74), (210, 206, 196), (70, 70, 78), (168, 132, 62),
    (98, 72, 116), (36, 104, 118), (186, 98, 74), (146, 156, 168), (40, 44, 58), (198, 168, 176),
)  # fmt: skip


class Subject(NamedTuple):
    """A person's properties, which are the same in every action.

    Attributes
    ----------
    tempo : factor on the rate of every repeated action.
    irregularity : standard deviation of the time between repetitions, relative to their period.
    strength_db : level relative to the action's usual level, dB.
    hardness : of the objects, 0 soft to 1 hard; hard ones make short contacts and bright sounds.
    size : factor on the size of the objects; larger ones sound lower.
    damping : factor on how quickly the objects fall silent.
    voice_hz, vocal_tract, whistle_hz : pitch of the voice, length of the vocal tract relative to
        0.165 m, middle of the whistle's range.
    height : metres.
    build : width of the body relative to the usual.
    left_handed : whether the left hand leads.
    """

    tempo: float
    irregularity: float
    strength_db: float
    hardness: float
    size: float
    damping: float
    voice_hz: float
    vocal_tract: float
    whistle_hz: float
    height: float
    build: float
    left_handed: bool
    long_hair: bool
    long_sleeves: bool
    skin: Colour
    hair: Colour
    top: Colour
    trousers: Colour


def draw_subject(rng: np.random.Generator) -> Subject:
    """Draw a person; the same generator state always gives the same person."""
    deep = rng.random() < 0.5
    voice_hz = rng.uniform(95, 140) if deep else rng.uniform(165, 235)
    top, trousers = rng.choice(len(GARMENTS), 2, replace=False)
    return Subject(
        tempo=float(rng.uniform(0.85, 1.25)),
        irregularity=float(rng.uniform(0.04, 0.14)),
        strength_db=float(rng.normal(0, 2.5)),
        hardness=float(rng.uniform(0, 1)),
        size=float(rng.uniform(0.8, 1.25)),
        damping=float(rng.uniform(0.7, 1.4)),
        voice_hz=float(voice_hz),
        vocal_tract=float(rng.uniform(1.0, 1.08) if deep else rng.uniform(0.86, 0.96)),
        whistle_hz=float(rng.uniform(1200, 2000)),
        height=float(rng.uniform(1.7, 1.92) if deep else rng.uniform(1.56, 1.76)),
        build=float(rng.uniform(0.88, 1.2)),
        left_handed=bool(rng.random() < 0.12),
        long_hair=bool(rng.random() < (0.1 if deep else 0.7)),
        long_sleeves=bool(rng.random() < 0.6),
        skin=SKINS[rng.integers(len(SKINS))],
        hair=HAIRS[rng.integers(len(HAIRS))],
        top=GARMENTS[top],
        trousers=GARMENTS[trousers],
    )


def draw_numbered_subject(seed: int, number: int) -> Subject:
    """Draw the subject of a number, from 1; the subject depends on seed and number alone."""
    return draw_subject(np.random.default_rng([seed, number]))
