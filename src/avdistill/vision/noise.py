"""Noise with the average spectrum of photographs, for the statistics of random batch norms.

A random ResNet-50 has no batch-norm statistics. With mean 0 and variance 1 its features grow to
10⁵, and a softmax trained on them always has one class with all the probability. These images
contain nothing of any data set, so that one backbone serves all scopes.
"""

import numpy as np

from avdistill.records.video import SIZE

_NUM_FRAMES = 32
_DEVIATION = 60.0  # of pixels, of 256 levels
_TINT = 30.0  # deviation of a picture's mean colour
_COMMON = 0.8  # share of the common brightness in each colour's amplitude
_DARKEST, _BRIGHTEST = -124.0, 151.0  # after the mean colour is subtracted


def noise_frames(seed: int) -> np.ndarray:
    """Draw pictures whose amplitude falls with spatial frequency, as in photographs.

    The amplitude is 1 / f (Field, *Relations between the statistics of natural images and the
    response properties of cortical cells*, 1987), phases are uniform.

    Returns
    -------
    (32, 224, 224, 3) float32, scaled as by `avdistill.records.video.network_frames`.
    """
    generator = np.random.default_rng(seed)
    frequency = np.hypot(np.fft.fftfreq(SIZE)[:, None], np.fft.rfftfreq(SIZE)[None])
    amplitude = 1 / np.maximum(frequency, 1 / SIZE)

    def draw(number: int) -> np.ndarray:
        phase = generator.random((number, *amplitude.shape))
        return np.fft.irfft2(amplitude * np.exp(2j * np.pi * phase), s=(SIZE, SIZE))

    frames = np.empty((_NUM_FRAMES, SIZE, SIZE, 3), np.float32)
    for frame in frames:
        (brightness,), colours = draw(1), draw(3)
        own = np.sqrt(1 - _COMMON**2)
        picture = _COMMON * brightness[..., None] + own * np.moveaxis(colours, 0, -1)
        picture *= _DEVIATION / picture.std()
        picture += generator.normal(0, _TINT, 3)
        frame[:] = np.clip(picture, _DARKEST, _BRIGHTEST)
    return frames
