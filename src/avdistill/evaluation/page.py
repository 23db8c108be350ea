"""The accuracy tables as one small page that needs nothing else."""

from collections.abc import Sequence
from html import escape

from avdistill.evaluation.labels import network_label, supervision_label
from avdistill.evaluation.summary import CROSSING_COLUMNS, TEST_COLUMNS, TRAINING_COLUMNS
from avdistill.evaluation.tables import DEVIATION, MEAN, Row

_STYLE = """
body { font: 15px/1.45 system-ui, sans-serif; color: #222; margin: 2em auto; max-width: 78em;
  padding: 0 1em; }
h1 { font-size: 1.5em; } h2 { font-size: 1.15em; margin-top: 2em; }
.source { background: #fff4d6; border-left: 4px solid #d55e00; padding: .5em .8em; }
.wide { overflow-x: auto; }
table { border-collapse: collapse; font-variant-numeric: tabular-nums; }
th, td { padding: .25em .7em; text-align: right; white-space: nowrap; }
th { border-bottom: 2px solid #444; vertical-align: bottom; }
td { border-bottom: 1px solid #ddd; }
th.text, td.text { text-align: left; }
tr.over-seeds { color: #555; font-style: italic; }
"""
_HEADINGS = {
    "network": "network",
    "supervision": "supervision",
    "scope": "trained on",
    "target": "tested on",
    "seed": "seed",
    "accuracy_crop": "accuracy,<br>crops",
    "interval_95": "95 % interval",
    "accuracy_sequence": "accuracy,<br>sequences",
    "accuracy_frame": "accuracy,<br>frames",
    "accuracy_5s": "accuracy,<br>5 s",
    "chance": "chance",
    "crops": "crops",
    "sequences": "sequences",
    "learning_rate": "learning<br>rate",
    "temperature": "T",
    "imitation": "λ",
    "validation_accuracy": "validation<br>accuracy",
    "validation_loss": "validation<br>loss",
    "epochs": "epochs",
    "best_epoch": "best<br>epoch",
    "training_loss_first": "training loss,<br>first epoch",
    "training_loss_last": "training loss,<br>last epoch",
}
_LABELS = {"network": network_label, "supervision": supervision_label}
_TEXTS = ("network", "supervision", "scope", "target")
_ACCURACY_WORDS = ("accuracy", "interval", "chance")  # in the names of columns shown in per cent
_EXPLANATION = (
    "Crops are the unit of the paper: 1 s for teachers (logits averaged over its frames), 5 s for "
    "students. Sequences: logits averaged over all of a sequence's crops. Frames and 5 s: teachers "
    "only; 5 s is what compares with students. Intervals are of the accuracy of crops and resample "
    "whole sequences. Standard deviations over seeds divide by n − 1."
)
_TRAINING_EXPLANATION = (
    "Validation accuracy and loss are those of the best epoch, which is the one that was tested. "
    "T and λ belong to distilled students; where the grid had more than one cell, the learning "
    "rate, T and λ are those with the best validation accuracy."
)
_CROSSING_EXPLANATION = (
    "Tested on another scope's test sequences, less every sequence in the training or validation "
    "split of the scope that the network, or its teacher, was trained on. No accuracy is given "
    "where nothing is left to test on."
)


def accuracy_page(rows: Sequence[Row], crossings: Sequence[Row], note: str) -> str:
    """Write the page as HTML: what the data are and the note first, then both tables.

    Parameters
    ----------
    rows, crossings : from `avdistill.evaluation.summary`.
    note : one sentence shown at the top, or an empty one.
    """
    sources = sorted({row["data_source"] for row in (*rows, *crossings) if "data_source" in row})
    told = " and ".join(map(_source, sources)) or "none"
    parts = [
        "<!DOCTYPE html>",
        '<html lang="en"><head><meta charset="utf-8"><title>Test accuracy</title>',
        f"<style>{_STYLE}</style></head><body>",
        "<h1>Test accuracy</h1>",
        f'<p class="source"><strong>Data: {told}.</strong> {escape(note)}</p>',
        f"<p>{_EXPLANATION}</p>",
        _table(TEST_COLUMNS, rows),
        "<h2>Training</h2>",
        f"<p>{_TRAINING_EXPLANATION}</p>",
        _table(TRAINING_COLUMNS, rows),
    ]
    if crossings:
        parts += ["<h2>Across scopes</h2>", f"<p>{_CROSSING_EXPLANATION}</p>"]
        parts.append(_table(CROSSING_COLUMNS, crossings))
    return "\n".join([*parts, "</body></html>", ""])


def _source(name: str) -> str:
    if name == "simulated":
        return "simulated, which says nothing of how accurate the networks are on real recordings"
    return escape(name)


def _table(columns: Sequence[str], rows: Sequence[Row]) -> str:
    # Both ends of an interval share a column; the source of the data is told above.
    shown = [
        column.removesuffix("_low")
        for column in columns
        if column not in ("interval_95_high", "data_source")
    ]
    head = "".join(f"<th{_kind(column)}>{_HEADINGS[column]}</th>" for column in shown)
    lines = []
    for row in rows:
        kind = ' class="over-seeds"' if row["seed"] in (MEAN, DEVIATION) else ""
        cells = "".join(f"<td{_kind(column)}>{_cell(row, column)}</td>" for column in shown)
        lines.append(f"<tr{kind}>{cells}</tr>")
    body = "\n".join(lines)
    return f'<div class="wide"><table>\n<tr>{head}</tr>\n{body}\n</table></div>'


def _kind(column: str) -> str:
    return ' class="text"' if column in _TEXTS else ""


def _cell(row: Row, column: str) -> str:
    if column == "interval_95":
        low, high = row.get("interval_95_low"), row.get("interval_95_high")
        return "–" if low is None else f"{100 * low:.1f} to {100 * high:.1f} %"
    value = row.get(column)
    if value is None:
        return "–"
    if isinstance(value, str):
        return escape(_LABELS.get(column, str)(value))
    if any(word in column for word in _ACCURACY_WORDS):
        return f"{100 * value:.1f} %"
    return f"{value:.4g}"
