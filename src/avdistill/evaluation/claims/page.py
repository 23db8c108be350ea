"""The page of claims: one HTML file, readable in black and white."""

from collections.abc import Sequence
from pathlib import Path

from avdistill.evaluation.claims.judge import Finding
from avdistill.evaluation.claims.verdict import Verdict
from avdistill.evaluation.initial_weights import weights_notes
from avdistill.evaluation.pages.document import render
from avdistill.evaluation.tables import Row

SYMBOLS = {Verdict.SUPPORTED: "✓", Verdict.NOT_SUPPORTED: "✗", Verdict.NOT_DECIDABLE: "?"}

_TEMPLATE = Path(__file__).with_name("claims.html")
_SIMULATED = (
    "A verdict about simulated data says nothing about the paper's statement: what is seen, how "
    "clean recordings are and which actions sound alike is an input of the simulation. It shows "
    "that the test works."
)
_EXPLANATION = (
    "What the paper's supplement says one should see, each statement judged by a criterion that "
    "was fixed before results were seen; the paper gives none. The unit is the sequence, "
    "never the crop: rates are means over test sequences of the share of a sequence's crops, "
    "averaged over seeds, and per cent in brackets are 95 % intervals: exact ones with as many "
    "trials as there are sequences, or for numbers of classes and cases from resampling whole "
    "sequences. Where classes have too few sequences for an interval of their own, it is shuffled "
    "which sequences are theirs: p is how often chance does as much. A part that has too few "
    "sequences even for that is not decidable, whatever they show, and says how many it needs. A "
    "statement is not decidable if the numbers leave both open, or if something that it needs was "
    "not run. A statement with several parts is supported if all of them are, "
    "and not supported if one of them is not. Each part is a test of its own; nothing is corrected "
    "for their number."
)


def claims_page(
    findings: Sequence[Finding], runs: Sequence[Row], data_source: str, note: str
) -> str:
    """Return the page as HTML: the source of the data, the note, then every claim.

    Parameters
    ----------
    runs : `network`, `supervision` and `initial_weights` of every run.
    data_source : `simulated`, or the name of a real data set.
    note : one sentence shown at the top, or an empty one.
    """
    return render(
        _TEMPLATE,
        title="Claims of the paper",
        source=f"Data: {data_source}.",
        warning=_SIMULATED if data_source == "simulated" else "",
        note=note,
        explanation=_EXPLANATION,
        findings=findings,
        symbols=SYMBOLS,
        notes=weights_notes(runs),
    )
