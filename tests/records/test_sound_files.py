"""Sound files of any origin."""

import io
from pathlib import Path

import numpy as np
import pytest
import soundfile

from avdistill.errors import InputError
from avdistill.files.atomic import read_bytes
from avdistill.records.sound_files import decode

RATE = 12_288
TONE = 0.5 * np.sin(2 * np.pi * 512 * np.arange(RATE) / RATE)


def encoded(sound: np.ndarray) -> bytes:
    buffer = io.BytesIO()
    soundfile.write(buffer, sound, RATE, "FLOAT", format="WAV")
    return buffer.getvalue()


def test_channels_are_averaged():
    mono, rate = decode(encoded(np.column_stack([TONE, np.ones(RATE)])), "two.wav")
    assert rate == RATE
    np.testing.assert_allclose(mono, (TONE + 1) / 2, atol=1e-6)


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"", "cannot be read as sound"),
        (b"RIFF" + bytes(100), "cannot be read as sound"),
        (encoded(np.zeros(0)), "is empty"),
        (encoded(np.array([0.1, np.nan])), "not numbers"),
        (encoded(np.zeros(1000)), "silent from beginning to end"),
        (encoded(np.column_stack([TONE, -TONE])), "silent from beginning to end"),
    ],
    ids=["nothing", "no sound", "empty", "not a number", "zeros", "channels that cancel"],
)
def test_what_cannot_be_heard_is_refused(data: bytes, message: str):
    with pytest.raises(InputError, match=rf"a\.wav: .*{message}.*; get it again"):
        decode(data, "a.wav")


def test_a_missing_file_is_named(tmp_path: Path):
    with pytest.raises(InputError, match=r"a\.wav: cannot be read \(No such file or directory\)"):
        read_bytes(tmp_path / "a.wav")
