"""The synthesised actions: levels, rhythm, likeness, the filters below them."""

from functools import cache

import numpy as np
import pytest
from scipy.signal import welch

from avdistill.avia.vocabulary import ACTIONS, SAMPLE_RATE
from avdistill.errors import InputError
from avdistill.simulation.sounds import surroundings
from avdistill.simulation.sounds.repertoire import REPERTOIRE, perform
from avdistill.simulation.sounds.resonance import (
    at_level,
    contact,
    control_frames,
    fast_level,
    impulses,
    resonate,
    rhythm,
    shape,
)
from avdistill.simulation.subjects import draw_numbered_subject

SUBJECTS = range(1, 10)
SECONDS = 5


@cache
def _perform(action, subject):
    rng = np.random.default_rng([0, subject, ACTIONS.index(action)])
    return perform(action, draw_numbered_subject(0, subject), SECONDS, rng)


def test_every_action_of_avia_can_be_done():
    assert tuple(REPERTOIRE) == ACTIONS


def test_an_action_without_synthesis_is_named():
    with pytest.raises(InputError, match="'juggling' has no synthesised sound"):
        perform("juggling", draw_numbered_subject(0, 1), 1, np.random.default_rng(0))


@pytest.mark.parametrize("action", ACTIONS)
def test_every_second_holds_some_of_the_action(action):
    for subject in SUBJECTS:
        signal, onsets = _perform(action, subject)
        assert signal.shape == (SECONDS * SAMPLE_RATE,)
        assert signal.dtype == np.float32
        assert np.isfinite(signal).all()
        assert np.all(np.diff(onsets) > 0)
        assert onsets[0] >= 0
        assert onsets[-1] < SECONDS
        level = fast_level(signal)
        expected = REPERTOIRE[action].level + draw_numbered_subject(0, subject).strength_db
        assert level == pytest.approx(expected, abs=0.01)
        each = [fast_level(second) for second in signal.reshape(SECONDS, -1)]
        assert min(each) > level - 15, f"subject {subject}: {np.round(each)} of {level:.0f} dB"


def test_feeble_actions_are_feeble():
    # Mean square of whole sequences, so that what is rare counts as such.
    level = {
        action: 10 * np.log10(np.mean([np.mean(_perform(action, s).signal ** 2) for s in SUBJECTS]))
        for action in ACTIONS
    }
    order = sorted(ACTIONS, key=level.get)
    assert set(order[:3]) == {"peanut breaking", "clicking", "typing"}
    assert set(order[-3:]) == {"hammering", "whistling", "clapping"}


def test_pairs_that_are_confused_by_ear_are_alike_in_spectrum():
    """Mean spectra in third octaves: a pair is closer than most pairs of actions are."""
    edges = 100 * 2 ** (np.arange(18) / 3)
    spectra = []
    for action in ACTIONS:
        signals = np.concatenate([_perform(action, subject).signal for subject in SUBJECTS])
        frequencies, power = welch(signals, SAMPLE_RATE, nperseg=1024)
        bands = np.add.reduceat(power, np.searchsorted(frequencies, edges))[:-1]
        # What is 25 dB below the loudest band hardly counts beside it.
        spectra.append((10 * np.log10(bands / bands.max())).clip(-25))
    spectra = np.array(spectra)
    distances = np.sqrt(np.mean((spectra[:, None] - spectra) ** 2, axis=-1))
    typical = np.median(distances[np.triu_indices(len(ACTIONS), 1)])
    for one, other in (
        ("hammering", "knocking"),
        ("clicking", "typing"),
        ("paper shaking", "plastic crumpling"),
    ):
        distance = distances[ACTIONS.index(one), ACTIONS.index(other)]
        assert distance < typical, f"{one}, {other}: {distance:.1f} of {typical:.1f} dB"


def test_claps_knocks_and_hammer_blows_have_their_energy_low():
    for action in ("clapping", "knocking", "hammering"):
        for subject in SUBJECTS:
            frequencies, power = welch(_perform(action, subject).signal, SAMPLE_RATE, nperseg=1024)
            assert power[frequencies < 2000].sum() > 0.8 * power.sum(), (action, subject)


def test_a_subject_stays_the_same_and_differs_from_others():
    assert draw_numbered_subject(3, 2) == draw_numbered_subject(3, 2)
    assert len({draw_numbered_subject(3, number) for number in SUBJECTS}) == len(SUBJECTS)
    assert draw_numbered_subject(3, 2) != draw_numbered_subject(4, 2)


def test_surroundings_are_finite_sounds_of_the_right_length():
    for sound in (surroundings.machine, surroundings.bird, surroundings.car):
        for seconds in (1, 7):
            signal = sound(np.random.default_rng(1), seconds)
            assert signal.shape == (seconds * SAMPLE_RATE,)
            assert np.isfinite(signal).all()
            assert signal.std() > 0


def test_resonate_is_a_decaying_sine():
    time = np.arange(2000) / SAMPLE_RATE
    response = resonate(impulses(2000, [0.0], 1.0), 700.0, 0.02)
    expected = np.exp(-time / 0.02) * np.sin(2 * np.pi * 700 * time)
    np.testing.assert_allclose(response, expected, atol=1e-9)


def test_contact_keeps_the_impulse_and_takes_high_frequencies():
    blow = contact(impulses(4096, [0.1], 1.0), 0.002)
    assert blow.sum() == pytest.approx(1)
    gain = np.abs(np.fft.rfft(blow))
    frequencies = np.fft.rfftfreq(4096, 1 / SAMPLE_RATE)
    assert gain[np.argmin(abs(frequencies - 100))] > 0.95
    assert gain[frequencies > 1500].max() < 0.15


def test_shape_with_unit_gain_gives_the_signal_back():
    for samples in (1000, 12288, 12345):
        signal = np.random.default_rng(0).standard_normal(samples)
        times, frequencies = control_frames(samples)
        gains = np.ones((len(times), len(frequencies)))
        np.testing.assert_allclose(shape(signal, gains), signal, atol=1e-12)


def test_shape_follows_its_gains_in_time():
    samples = SAMPLE_RATE
    times, frequencies = control_frames(samples)
    gains = np.repeat((times > 0.5)[:, None], len(frequencies), axis=1)
    shaped = shape(np.random.default_rng(0).standard_normal(samples), gains)
    assert shaped[: int(0.45 * samples)].std() < 1e-9
    assert shaped[int(0.55 * samples) :].std() == pytest.approx(1, abs=0.05)


def test_fast_level_is_that_of_the_loudest_eighth_of_a_second():
    tone = np.zeros(SAMPLE_RATE)
    tone[4000:5536] = np.sin(2 * np.pi * 1000 * np.arange(1536) / SAMPLE_RATE)
    assert fast_level(tone) == pytest.approx(10 * np.log10(0.5 / 4e-10), abs=0.01)
    assert fast_level(at_level(tone, 40)) == pytest.approx(40, abs=1e-3)


def test_rhythm_never_rests_longer_than_its_period_and_spread_allow():
    onsets = rhythm(np.random.default_rng(5), 1000, 0.5, 0.1)
    gaps = np.diff(onsets)
    assert gaps.min() >= 0.4 * 0.5
    assert gaps.mean() == pytest.approx(0.5, rel=0.02)
    assert gaps.std() == pytest.approx(0.05, rel=0.1)
