"""The digest of what code does: what counts, and what does not."""

from itertools import count

import pytest

from avdistill.errors import InputError
from avdistill.provenance import code_digest as subject
from avdistill.provenance.code_digest import code_digest, module_closure


@pytest.fixture
def package(tmp_path, monkeypatch):
    """Write a package of its own, from its files' texts."""
    numbers = count()

    def write(files):
        folder = tmp_path / str(next(numbers)) / "avdistill"
        for name, text in files.items():
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            (folder / name).write_text(text, encoding="utf-8")
        monkeypatch.setattr(subject, "PACKAGE", folder)

    return write


@pytest.fixture
def digest(package):
    """Digest a module's text."""

    def digest_text(text):
        package({"networks/one.py": text})
        return code_digest("networks.one")

    return digest_text


# Of everything that versions of Python write otherwise in a syntax tree, and some more.
EVERY_KIND = r'''
from __future__ import annotations
import os, sys as system
from dataclasses import dataclass, field as one_field

@dataclass(frozen=True)
class Point(object, metaclass=type):
    "A docstring."
    x: int = 1
    y: "float"
    _: tuple[int, ...] = one_field(default=(), repr=False)

def shape(a, /, b: int = -2, *rest, c: str = u"é\N{EN DASH}\U0001fae8\ud800", d=None, **more):
    """A docstring."""
    global top, level
    top, *level = [*a, b], {**more, "c": c}
    text = f"{a}" "joined" f'{b!r:>{c}}{{}}{d=}' rf"\n{a:%H:%M}{ b  =  :.2f}" f"" f"plain"
    text += f"""{a:
}{b:{c}.{d}f} \N{EM DASH}""" if a else f"{a:}"
    if (n := len(rest)) > 0x1F and not 1e-3 <= 2j or b"\x00" is ...:
        return lambda *, key=10**40: (key[1:2, ..., ::-1], (yield), not n)
    elif a:
        raise ValueError("no") from None
    else:
        del a.b[0], c
    for i, (j, k) in enumerate(rest):
        while True: break
        else: continue
    try:
        assert a, "a"
    except (KeyError, OSError) as error:
        pass
    except Exception: ...
    else: nonlocal_ = {i for i in rest if i} | {i: j for i in a for j in b}
    finally: a @= b; a //= ~b; a: int
    try: pass
    except* ValueError: print(*a, sep="", **more)
    match a:
        case {"x": 1, **others} | Point(x=0, y=[_, *_]) if b: pass
        case None | True | "s" | -1 | 1 + 2j | os.sep: pass
        case (1 | 2) as both: pass
        case _: pass

async def wait(xs):
    async with a as b, (c): [await x async for x in xs if x] ; (x for x in xs)
    async for x in xs: yield x
'''
# Python 3.11, 3.12 and 3.13 give this. If it changes, every rule of every run runs again.
ITS_DIGEST = "63ddc3f9daaea00008ccb3cf3687f0ad291964d768f893cff92f054048094e1e"


def test_every_version_of_python_gives_this_digest(digest):
    assert digest(EVERY_KIND) == ITS_DIGEST


BEFORE = """
"Losses."
import typing
from typing import Any

def loss(rate: float) -> float:
    "Give the loss."
    half: float = rate / 2
    return f"{half:.2f}"
"""


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ('"Losses."', "# Losses."),
        ('"Give the loss."', '"Give the loss, in other words."'),
        ('"Give the loss."', '"Give the loss."\n    "A text"; pass; ...'),
        ("rate: float", "rate"),
        (" -> float:", " -> Any:"),
        ("half: float =", "half ="),
        ("half: float = rate / 2", "half: float\n    half = (\n        rate\n        / 2)"),
        ("from typing import Any", "from collections.abc import Sequence"),
        ("from typing import Any", "if TYPE_CHECKING:\n    import numpy"),
        ("from typing import Any", "if typing.TYPE_CHECKING:\n    import numpy"),
    ],
)
def test_what_does_nothing_does_not_count(digest, old, new):
    assert old in BEFORE
    assert digest(BEFORE) == digest(BEFORE.replace(old, new))


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("rate / 2", "rate / 3"),
        ("rate / 2", "rate / 2.0"),
        ("/ 2", "// 2"),
        (".2f", ".3f"),
        ("def loss(rate: float)", "def loss(rate: float = 1)"),
        ("def loss", "@cache\ndef loss"),
        ("from typing import Any", "from math import pi"),
        ("from typing import Any", "if TYPE_CHECKING:\n    pass\nelse:\n    import numpy"),
        ('"Give the loss."', '"Give the loss."\n    print("a text")'),
    ],
)
def test_what_does_something_counts(digest, old, new):
    assert old in BEFORE
    assert digest(BEFORE) != digest(BEFORE.replace(old, new))


def test_annotations_of_fields_count_since_values_are_converted_by_them(digest):
    fields = "class Row(NamedTuple):\n    size: int\n"
    assert digest(fields) != digest(fields.replace("int", "float"))
    method = "class Row:\n    def size(self) -> int:\n        half: int = 1\n"
    assert digest(method) == digest(method.replace("int", "float"))


@pytest.mark.parametrize(
    "text",
    [
        'SEED = option("--seed", type=int, help="{}")',
        'OUTPUT = path_option("--output", metavar="{}", help=f"{} {here}")',
        'COMMAND = Command(summary="{}", example="{}", options=())',
        'seed = Field(0, ge=0, description="{}")',
    ],
)
def test_help_texts_do_not_count(digest, text):
    one, other = (digest(text.replace("{}", word)) for word in ("one", "other"))
    assert one == other
    assert one != digest(text.replace("{}", "one").replace("(", "(*more, ", 1))


@pytest.mark.parametrize(
    "text",
    [
        'add_metadata(description="{}")',
        'write_page(description="{}")',
        'SUMMARY = "{}"',
        'write_page(summary="{}")',
        'SEED = option("--{}")',
        'COMMAND = Command(options=(option("--seed", default="{}"),))',
    ],
)
def test_what_only_looks_like_a_help_text_counts(digest, text):
    assert digest(text.replace("{}", "one")) != digest(text.replace("{}", "other"))


@pytest.mark.parametrize(("named", "is_same"), [("page.html", False), ("other.html", True)])
def test_a_file_beside_the_module_that_names_it_counts(package, named, is_same):
    def digest_of(page):
        module = f"PAGE = {named!r}"
        package({"__init__.py": "", "pages/one.py": module, "pages/page.html": page})
        return code_digest("pages.one")

    assert (digest_of("<p>") == digest_of("<p class>")) == is_same


COMMAND = """
import avdistill.networks.plain
from avdistill.networks import inside
from avdistill.records.deep.inner import value
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from avdistill.networks import only_checked

def run():
    from avdistill.networks.late import build
    import numpy, os.path
"""


def test_imports_are_followed_however_deep_and_however_late(package):
    package(
        {
            "commands/run.py": COMMAND,
            "networks/__init__.py": "'Networks.'",
            "networks/plain.py": "from avdistill.networks.further import one",
            "networks/inside.py": "import avdistill.commands.run\ninside = 1",
            "networks/late.py": "from avdistill.errors import InputError\nlate = 1",
            "networks/only_checked.py": "checked = 1",
            "networks/further.py": "one = 1",
            "errors.py": "from avdistill.networks.by_errors import one",
            "networks/by_errors.py": "one = 1",
            "records/__init__.py": "import avdistill.networks.by_package",
            "networks/by_package.py": "def nothing():\n    'Do nothing.'",
            "records/deep/__init__.py": "",
            "records/deep/inner.py": "'Only a text.'",
        }
    )
    assert module_closure("commands.run") == [
        "commands.run",
        "networks.by_package",
        "networks.further",
        "networks.inside",
        "networks.late",
        "networks.plain",
        "records",
    ]


def test_a_module_deep_in_the_closure_counts(package):
    def digest_of(value):
        package({"commands/run.py": "import avdistill.losses", "losses.py": f"weight = {value}"})
        return code_digest("commands.run")

    assert digest_of(1) == digest_of("(\n    1  # as in the paper\n)")
    assert digest_of(1) != digest_of(2)


def test_the_order_of_names_and_a_name_twice_make_no_difference(package):
    package({"one.py": "a = 1", "two.py": "a = 2"})
    assert code_digest("one", "two") == code_digest("two", "one", "two")
    assert code_digest("one") != code_digest("two")


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("commands.absent", r"^commands\.absent: there is no such module in .*; correct"),
        ("relative", r"^relative: write its imports in full, from avdistill on$"),
    ],
)
def test_what_cannot_be_digested_is_one_message(package, name, message):
    package({"relative.py": "from . import two", "two.py": ""})
    with pytest.raises(InputError, match=message):
        code_digest(name)
