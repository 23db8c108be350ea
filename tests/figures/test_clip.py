import av
import numpy as np
import pytest
from PIL import Image

from avdistill.avia.raw_trees import RawTrees
from avdistill.avia.vocabulary import SequenceId
from avdistill.cli import main
from avdistill.errors import InputError
from avdistill.figures.clip import Clip, make_clip, write_clip
from avdistill.figures.overlay import choose_sequence

SEQUENCE = SequenceId(2, 1, 1)
SAMPLES = 12_288


@pytest.fixture
def clip():
    """A second in which a white square moves to the right and a tone of 1 kHz sounds."""
    pictures = np.zeros((12, 512, 640, 3), np.uint8)
    for number, picture in enumerate(pictures):
        picture[100:200, 40 * number : 40 * number + 100] = 255
    tone = 0.5 * np.sin(2 * np.pi * 1000 * np.arange(SAMPLES) / SAMPLES)
    return Clip(pictures, tone.astype(np.float32))


def decoded(path):
    with av.open(path) as container:
        pictures = [frame.to_ndarray(format="rgb24") for frame in container.decode(video=0)]
    with av.open(path) as container:
        (rate,) = {frame.sample_rate for frame in container.decode(audio=0)}
    with av.open(path) as container:
        sound = np.concatenate([frame.to_ndarray()[0] for frame in container.decode(audio=0)])
    return np.stack(pictures), sound, rate


def test_webm_holds_every_picture_in_time_and_the_sound(clip, tmp_path):
    write_clip(clip, tmp_path / "clip.webm")
    pictures, sound, rate = decoded(tmp_path / "clip.webm")
    assert pictures.shape == clip.pictures.shape
    assert np.abs(pictures.astype(int) - clip.pictures).mean() < 3
    spectrum = np.abs(np.fft.rfft(sound[: rate // 2]))
    assert abs(np.argmax(spectrum) * 2 - 1000) <= 4
    with av.open(tmp_path / "clip.webm") as container:
        times = [float(frame.time) for frame in container.decode(video=0)]
    np.testing.assert_allclose(times, np.arange(12) / 12, atol=0.001)


def test_webp_is_an_animation_that_goes_on_for_ever(clip, tmp_path):
    write_clip(clip, tmp_path / "clip.webp")
    with Image.open(tmp_path / "clip.webp") as image:
        assert (image.n_frames, image.info["loop"], image.size) == (12, 0, (640, 512))


@pytest.mark.parametrize("suffix", [".webm", ".webp"])
def test_the_same_clip_gives_the_same_bytes(clip, tmp_path, suffix):
    names = [tmp_path / f"{name}{suffix}" for name in ("one", "other")]
    for name in names:
        write_clip(clip, name)
    assert names[0].read_bytes() == names[1].read_bytes()


def test_another_kind_of_file_is_refused(clip, tmp_path):
    with pytest.raises(InputError, match=r"clip.gif: clips are written as \.webm or \.webp"):
        write_clip(clip, tmp_path / "clip.gif")


def test_a_clip_is_around_the_loudest_moment(describe, write_raw):
    raw = write_raw(SEQUENCE, frames=12, loudest=9)
    clip = make_clip(RawTrees.below(raw), SEQUENCE, describe(), seconds=0.5)
    assert clip.pictures.shape == (6, 512, 640, 3)
    assert clip.sound.shape == (6 * 1024,)
    assert np.abs(clip.sound).max() == pytest.approx(0.7)
    whole = make_clip(RawTrees.below(raw), SEQUENCE, describe(), seconds=60)
    assert len(whole.pictures) == 12
    # Sound is laid on the loudest picture only: others are grey.
    coloured = [np.ptp(picture[:480], axis=-1).max() > 20 for picture in clip.pictures]
    assert coloured == [False, False, False, True, False, False]
    assert np.argmax(np.abs(clip.sound)) // 1024 == 3


def test_an_offset_is_no_sound_and_silence_stays_silent(describe, write_raw):
    raw = write_raw(SEQUENCE, frames=3)
    for number, path in enumerate(sorted(raw.rglob("A_*.npy"))):
        np.save(path, np.load(path, allow_pickle=False) * 0 + 5_000_000 + 100 * number)
    sound = make_clip(RawTrees.below(raw), SEQUENCE, describe(), seconds=1).sound
    np.testing.assert_allclose(sound, np.repeat([-0.7, 0, 0.7], 1024), atol=1e-6)
    for path in raw.rglob("A_*.npy"):
        np.save(path, np.full((1, 1024), 5_000_000, np.int32))
    assert not make_clip(RawTrees.below(raw), SEQUENCE, describe(), seconds=1).sound.any()


def test_the_caption_names_action_scenario_and_source(describe, write_raw):
    raw = write_raw(SEQUENCE, frames=3)
    captions = [
        make_clip(RawTrees.below(raw), SEQUENCE, dataset, seconds=1).pictures[:, 480:]
        for dataset in (describe(), describe(source="AVIA"))
    ]
    assert (captions[0] != captions[1]).any()
    assert captions[0].max() > 200


def test_verb_makes_a_clip_of_one_scenario(describe, write_raw, tmp_path, capsys):
    dataset = describe()
    dataset.write(tmp_path / "dataset.json")
    raw = write_raw(choose_sequence(dataset, seed=0, location=1))
    arguments = ["draw-clip", "--dataset", str(tmp_path / "dataset.json"), "--seed", "0"]
    arguments += ["--matfiles", str(raw / "matfiles"), "--sync", str(raw / "sync")]
    arguments += ["--output", str(tmp_path / "clip.webm")]
    assert main([*arguments, "--scenario", "1"]) == 0
    assert decoded(tmp_path / "clip.webm")[0].shape[1:] == (512, 640, 3)
    capsys.readouterr()
    assert main([*arguments, "--scenario", "9"]) == 1
    assert "scenario 9: the data set has no such one" in capsys.readouterr().err
