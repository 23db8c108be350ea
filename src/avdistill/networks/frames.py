"""Which of a second's twelve frames are stored, and which of those a network takes."""

from avdistill.avia.vocabulary import FRAMES_PER_SECOND
from avdistill.errors import InputError
from avdistill.networks.registry import TEMPORAL_FRAMES, NetworkSpec


def stored_frames(frames_per_second: int) -> tuple[int, ...]:
    """Choose the frames of a second to store, evenly spaced: floor((i + 1/2) * 12 / N).

    Parameters
    ----------
    frames_per_second : N, 1 to 12.

    Returns
    -------
    N frame numbers from 0: all twelve for 12, 3 and 9 for 2.

    Raises
    ------
    InputError : N is out of range.
    """
    if not 1 <= frames_per_second <= FRAMES_PER_SECOND:
        raise InputError(
            f"{frames_per_second} frames per second: choose from 1 to {FRAMES_PER_SECOND}"
        )
    return tuple(
        (2 * i + 1) * FRAMES_PER_SECOND // (2 * frames_per_second) for i in range(frames_per_second)
    )


def frames_of_network(spec: NetworkSpec, num_stored: int) -> tuple[int, ...]:
    """Choose those of the stored frames that a network takes.

    A temporal one takes five, from the first to the last: floor(i * (N - 1) / 4).

    Returns
    -------
    Positions among the stored frames, from 0; all of them where there are fewer than five.
    """
    if not spec.temporal or num_stored < TEMPORAL_FRAMES:
        return tuple(range(num_stored))
    return tuple(i * (num_stored - 1) // (TEMPORAL_FRAMES - 1) for i in range(TEMPORAL_FRAMES))
