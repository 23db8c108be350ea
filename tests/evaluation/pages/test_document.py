import re
from html.parser import HTMLParser

import pytest
from jinja2 import UndefinedError

from avdistill.evaluation.labels import scope_words
from avdistill.evaluation.pages.columns import interval, number, per_cent, points
from avdistill.evaluation.pages.document import render
from avdistill.evaluation.pages.tables import (
    ACCURACY,
    ACROSS_SCOPES,
    GAINS,
    HYPERPARAMETERS,
    SIZES,
    TIMES,
    TRANSFER,
)
from avdistill.evaluation.tables import DEVIATION

ROW = {
    "network": "hearnet",
    "supervision": "dualcamnet",
    "scope": "scenario1",
    "tested_on": "scenario1",
    "seed": 0,
    "initial_weights": "random; teacher: random",
    "data_source": "simulated",
}
SIZE = {
    "network": "dualcamnet",
    "input": "12x36x48x12",
    "parameters": 8179842,
    "trained_parameters": 8179842,
    "multiply_adds_per_second": 582778944,
    "weight_bytes": 32719368,
    "inputs_per_second": 1,
}
TIME = {"network": "dualcamnet", "milliseconds_per_second": 20.0, "fastest": 19.0, "slowest": 30.0}
TIME |= {"runs": 3, "batch": 1, "real_time": 50.0}
PAGES = [
    (ACCURACY, ROW),
    (ACROSS_SCOPES, ROW | {"target": "all"}),
    (GAINS, ROW),
    (HYPERPARAMETERS, ROW),
    (TRANSFER, ROW | {"tested_on": "ESC-10"}),
]
UNTRAINED = [(SIZES, SIZE), (TIMES, TIME)]


def names(pages):
    return [page.title for page, _ in pages]


class Texts(HTMLParser):
    def __init__(self):
        super().__init__()
        self.texts, self.open = [], []

    def handle_starttag(self, tag, attrs):
        if tag not in ("meta", "br"):
            self.open.append(tag)

    def handle_endtag(self, tag):
        assert self.open.pop() == tag

    def handle_data(self, data):
        self.texts.append(data.strip())


def whole_page(html):
    """Return a page's texts, after holding that it needs nothing else and its tables are even."""
    reader = Texts()
    reader.feed(html)
    assert reader.open == []
    assert not re.search(r"https?:|src=|<script|<link", html)
    for table in html.split("<table>")[1:]:
        first, *others = [len(re.findall(r"<t[hd]", line)) for line in table.split("<tr")[1:]]
        assert others == [first] * len(others) != []
    return " ".join(reader.texts)


@pytest.mark.parametrize(("page", "row"), PAGES, ids=names(PAGES))
def test_a_page_says_first_what_the_data_are_and_needs_nothing_else(page, row):
    html = page.html([row], "A <b>note</b> & more")
    text = whole_page(html)
    assert text.index("ata:") < text.index("A <b>note</b> & more") < text.index("Net")
    assert html == page.html([dict(reversed(row.items()))], "A <b>note</b> & more")


@pytest.mark.parametrize(("page", "row"), UNTRAINED, ids=names(UNTRAINED))
def test_a_page_of_untrained_networks_says_first_that_there_are_no_data(page, row):
    html = page.html([row])
    title, rest = whole_page(html).split("No data", 1)
    assert "DualCamNet" in rest
    assert "DualCamNet" not in title
    assert html == page.html([dict(reversed(row.items()))])


@pytest.mark.parametrize(("page", "row"), PAGES, ids=names(PAGES))
def test_simulated_data_are_called_so_and_real_data_by_their_name(page, row):
    assert "simulated" in page.html([row], "")
    real = page.html([row | {"data_source": "AVIA & co"}], "")
    assert "simulated" not in real
    assert "ata: AVIA &amp; co." in real


@pytest.mark.parametrize(("page", "row"), PAGES, ids=names(PAGES))
def test_every_table_says_which_weights_were_not_at_hand(page, row):
    assert "weights, not ImageNet" not in page.html([row], "")
    affected = row | {"supervision": "resnet50"}
    affected["initial_weights"] = "random; teacher: random backbone"
    assert "random weights, not ImageNet" in page.html([affected], "")
    assert "random; teacher: random backbone" in page.html([affected], "")


def test_whatever_is_filled_in_is_text():
    signs = "<script>alert('a') & \"b\"</script>"
    row = ROW | {"supervision": signs, "initial_weights": signs, "data_source": signs}
    html = ACCURACY.html([row], signs)
    assert "<script" not in html
    assert "accuracy,<br>crops" in html
    reader = Texts()
    reader.feed(html)
    shown = (signs, f"Data: {signs}.", f"ensemble {signs}")
    assert sum(text in shown for text in reader.texts) == 5


def test_a_value_that_a_template_needs_and_that_is_missing_fails(tmp_path):
    (tmp_path / "small.html").write_text("{% extends 'page.html' %}{% block style %}{% endblock %}")
    values = {"title": "a", "source": "b", "note": "c", "sections": []}
    html = render(tmp_path / "small.html", **values)
    assert "<h1>a</h1>" in html
    assert "font" not in html
    del values["source"]
    with pytest.raises(UndefinedError, match="source"):
        render(tmp_path / "small.html", **values)


def test_cells_show_numbers_as_people_read_them():
    assert per_cent("a", "").cell({"a": 0.12345}) == "12.3 %"
    assert per_cent("a", "").cell({}) == "–"
    assert number("a", "").cell({"a": 0.0001}) == "0.0001"
    assert number("a", "").cell({"a": "mean"}) == "mean"
    assert points("a", "").cell({"a": -0.051}) == "−5.1"
    assert points("a", "").cell({"a": 0.051}) == "+5.1"
    assert points("a", "").cell({"a": -0.0001}) == "0.0"
    assert points("a", "").cell({"a": 0.051, "seed": DEVIATION}) == "5.1"
    ends = {"interval_95_low": -0.1, "interval_95_high": 0.25}
    assert interval("", signed=True).cell(ends) == "−10.0 to +25.0"
    assert interval("").cell({"interval_95_low": 0.5, "interval_95_high": 1}) == "50.0 to 100.0 %"
    assert interval("").cell({}) == "–"
    assert [scope_words(name) for name in ("all", "scenario2", "ESC-10")] == [
        "all scenarios",
        "scenario 2",
        "ESC-10",
    ]
