"""The claims as one small page that needs nothing else, readable in black and white."""

from collections.abc import Sequence
from html import escape

from avdistill.evaluation.claims.judge import Finding
from avdistill.evaluation.claims.verdict import Item, Verdict
from avdistill.evaluation.pages.document import weights_paragraphs
from avdistill.evaluation.tables import Row

SYMBOLS = {Verdict.SUPPORTED: "✓", Verdict.NOT_SUPPORTED: "✗", Verdict.NOT_DECIDABLE: "?"}

_STYLE = """
body { font: 15px/1.45 system-ui, sans-serif; color: #222; margin: 2em auto; max-width: 84em;
  padding: 0 1em; }
h1 { font-size: 1.5em; }
p { max-width: 60em; }
.source { background: #fff4d6; border-left: 4px solid #d55e00; padding: .5em .8em; }
.note { border-left: 4px solid #0072b2; padding: .2em .8em; }
.wide { overflow-x: auto; }
table { border-collapse: collapse; width: 100%; min-width: 60em; }
th, td { padding: .3em .6em; text-align: left; vertical-align: top; }
thead th { border-bottom: 2px solid #444; }
tbody { border-bottom: 2px solid #999; }
tbody tr + tr td { border-top: 1px solid #ddd; }
.statement { width: 36%; font-weight: 600; }
.criterion { display: block; font-weight: normal; font-size: .85em; color: #444;
  margin-top: .5em; }
.part { width: 14%; }
.numbers { width: 27%; font-size: .92em; font-variant-numeric: tabular-nums; }
.verdict { white-space: nowrap; }
.whole { font-weight: 700; border-left: 2px solid #444; }
.symbol { display: inline-block; width: 1.3em; text-align: center; margin-right: .3em;
  border: 1.5px solid #222; border-radius: .2em; font-weight: 700; line-height: 1.25; }
.supported .symbol { background: #222; color: #fff; }
.not-decidable .symbol { border-style: dashed; }
"""
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
    findings: Sequence[Finding], initial_weights: Sequence[Row], data_source: str, note: str
) -> str:
    """Write the page as HTML: what the data are and the note first, then every claim.

    Parameters
    ----------
    initial_weights : `network`, `supervision` and `initial_weights` of every network.
    data_source : `simulated`, or the name of a real data set.
    note : one sentence shown at the top, or an empty one.
    """
    simulated = data_source == "simulated"
    parts = [
        "<!DOCTYPE html>",
        '<html lang="en"><head><meta charset="utf-8"><title>Claims of the paper</title>',
        f"<style>{_STYLE}</style></head><body>",
        "<h1>What the paper says one should see</h1>",
        f'<p class="source"><strong>Data: {escape(data_source)}.</strong> '
        f"{_SIMULATED if simulated else ''} {escape(note)}</p>",
        f"<p>{_EXPLANATION}</p>",
        f"<p>{_summary(findings)}</p>",
        *weights_paragraphs(initial_weights),
        '<div class="wide"><table>',
        "<thead><tr><th>No.</th><th>The paper says, and what decides</th><th>Verdict</th>"
        "<th>Part</th><th>Numbers</th><th>On the part</th></tr></thead>",
        *map(_rows, findings),
        "</table></div></body></html>",
        "",
    ]
    return "\n".join(parts)


def _summary(findings: Sequence[Finding]) -> str:
    counts = [
        f"{_told(verdict)}: {sum(finding.verdict == verdict for finding in findings)}"
        for verdict in Verdict
    ]
    return f"Of {len(findings)} statements: {', '.join(counts)}."


def _rows(finding: Finding) -> str:
    claim, verdict, items = finding
    span = f' rowspan="{len(items)}"'
    whole = (
        f"<td{span}>{claim.number}</td>"
        f'<td{span} class="statement">{escape(claim.statement)}'
        f'<span class="criterion">{escape(claim.criterion)}</span></td>'
        f'<td{span} class="verdict whole">{_told(verdict)}</td>'
    )
    rows = [
        f"<tr>{whole if number == 0 else ''}{_part(item)}</tr>" for number, item in enumerate(items)
    ]
    return "<tbody>" + "\n".join(rows) + "</tbody>"


def _part(item: Item) -> str:
    return (
        f'<td class="part">{escape(item.what)}</td><td class="numbers">{escape(item.numbers)}</td>'
        f'<td class="verdict">{_told(item.verdict)}</td>'
    )


def _told(verdict: Verdict) -> str:
    kind = verdict.replace(" ", "-")
    return f'<span class="{kind}"><span class="symbol">{SYMBOLS[verdict]}</span>{verdict}</span>'
