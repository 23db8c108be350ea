"""The pages of the networks' sizes and speed."""

from collections.abc import Sequence

from avdistill.evaluation.pages.columns import (
    NETWORK,
    Column,
    number,
    whole_number,
    words,
)
from avdistill.evaluation.pages.document import Section, tables_page
from avdistill.evaluation.tables import Row


def _scaled(name: str, heading: str, unit: float, digits: int) -> Column:
    return Column(heading, lambda row: f"{row[name] / unit:,.{digits}f}")


_SIZES = (
    NETWORK,
    words("input", "input", lambda shape: shape.replace("x", " × ")),
    number("inputs_per_second", "inputs\na second"),
    whole_number("parameters", "parameters"),
    whole_number("trained_parameters", "of these\ntrained"),
    _scaled("multiply_adds_per_second", "million multiply-adds\nper second of input", 1e6, 1),
    _scaled("weight_bytes", "weights,\nMB", 1e6, 1),
)
_SIZES_SOURCE = "No data: counted on the networks as they are built, whatever they are trained on."
_SIZES_EXPLANATION = (
    "Teachers of frames are counted with their backbone, from pixels on, although training them "
    "computes the frozen backbone's features only once; ResNet-50 and AVNet with all 12 frames of "
    "a second, Temporal ResNet-50 with the five that it takes. Trained are the parameters that the "
    "paper trains. Multiply-adds are those of convolutions and dense layers; windows over padded "
    "edges count in full. Weights are float32."
)
_TIMES = (
    NETWORK,
    _scaled("milliseconds_per_second", "milliseconds per\nsecond of input", 1, 2),
    _scaled("fastest", "fastest", 1, 2),
    _scaled("slowest", "slowest", 1, 2),
    number("runs", "runs"),
    number("batch", "inputs\nin a run"),
    Column("times as fast\nas real time", lambda row: f"{row['real_time']:,.1f}"),
)
_TIMES_SOURCE = "No data: times on noise, on the machine and beside the jobs of this run."
_TIMES_EXPLANATION = (
    "What one core takes, with one thread, for each second of input, from the network's input to "
    "its logits; the median of several runs after a first one that is not counted. Preparing the "
    "input is not part of it: decoding frames, forming the acoustic images, taking spectrograms. "
    "Other jobs may have run beside, so set times against each other, not against other machines'."
)


def sizes_page(rows: Sequence[Row]) -> str:
    """Return the page of sizes as HTML.

    Parameters
    ----------
    rows : from `avdistill.evaluation.sizes.size_rows`.
    """
    section = Section([_SIZES_EXPLANATION], _SIZES, rows)
    return tables_page("Sizes of the networks", _SIZES_SOURCE, "", [section])


def times_page(rows: Sequence[Row]) -> str:
    """Return the page of times as HTML.

    Parameters
    ----------
    rows : from `avdistill.evaluation.timing.time_rows`.
    """
    section = Section([_TIMES_EXPLANATION], _TIMES, rows)
    return tables_page("Speed of the networks", _TIMES_SOURCE, "", [section])
