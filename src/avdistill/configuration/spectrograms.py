"""The configuration's section `spectrograms`: HearNet's input."""

from pydantic import Field

from avdistill.configuration.section import Section
from avdistill.records.audio import NoiseBins


class Spectrograms(Section):
    """HearNet's input."""

    noise_bins: NoiseBins = Field(
        "zero",
        description="bins above the sensor's Nyquist frequency, 6,144 Hz, in which nothing was "
        "recorded: `zero` sets them to 0; `keep` keeps their rounding errors, which normalisation "
        "amplifies, as the paper does",
    )
