"""A digest of the code that a rule runs, so that a rule reruns when its code does something else.

Every rule has the digest of its verb, and of its one network, as a parameter. Snakemake compares
parameters by value: a rule runs again when its code does something else, and not when a comment,
docstring, annotation or help text changes. Times of files do not matter.

The digest is of each module's syntax tree without these texts, in a format of our own: the format
of `ast.dump` differs between versions of Python.
"""

import ast
import hashlib
import re
from functools import cache
from itertools import chain
from pathlib import Path
from typing import NamedTuple

from avdistill.errors import InputError
from avdistill.files.manifest import file_sha256

PACKAGE = Path(__file__).parents[1]

# Modules and packages that decide no result, and why. Modules that only they import do not count.
_WITHOUT_INFLUENCE = {
    "configuration": "a rule's settings are parameters, which are compared by value",
    "errors": "messages are shown, not stored",
    "files.atomic": "it writes files, but does not decide their content",
    "files.manifest": "it lists files and their digests, whatever their content",
    "provenance.code_digest": "a digest is compared by value",
    "training.progress": "lines of progress are shown, not stored",
    "training.progress_logs": "progress is logged beside the results",
}
# Modules imported for annotations. Where code uses more of them, the names in it count.
_FOR_ANNOTATIONS = {"__future__", "collections.abc", "typing"}
# Functions of pydantic and our own that declare options and fields; their arguments for help.
_DECLARING = re.compile(r"Command|Field|(\w+_)?option")
_HELP_TEXTS = {"description", "example", "help", "metavar", "summary"}
# The module that lists all networks, and the class of its entries; other networks' do not count.
_REGISTRY, _ENTRY = "networks.registry", "NetworkSpec"
_ALL: frozenset[str] = frozenset()  # if no network is named, every entry counts
# Fields of the syntax tree that change nothing, or that some versions of Python lack.
_SKIPPED = {"ctx", "kind", "simple", "type_comment", "type_params"}


class _Module(NamedTuple):
    """A module's digest (empty if it has no code), and our modules that it imports."""

    digest: str
    imports: tuple[str, ...]


def code_digest(*modules: str) -> str:
    """Return the digest of the code of modules and all of our modules that they import.

    Parameters
    ----------
    modules : names below the package, such as `commands.train_teacher` or `networks.hearnet`. If
        networks are among them, other networks' entries in the registry do not count.

    Returns
    -------
    Hexadecimal sha256; the same with Python 3.11, 3.12 and 3.13.

    Raises
    ------
    InputError : there is no module of such a name.
    """
    return _code_digest(PACKAGE, modules)


@cache  # the workflow asks for it again for every job
def _code_digest(package: Path, modules: tuple[str, ...]) -> str:
    networks = [name for name in modules if name.startswith("networks.")]
    named = frozenset(network.removeprefix("networks.") for network in networks)
    lines = [
        f"{name} {_read(package, name, named if name == _REGISTRY else _ALL).digest}\n"
        for name in _closure(package, modules)
    ]
    return hashlib.sha256("".join(lines).encode()).hexdigest()


def module_closure(*modules: str) -> list[str]:
    """List modules and all of our modules that they import, directly or not.

    An import in a function counts; one that is only for type checkers does not. Modules without
    influence on results, and those without code, are left out.

    Parameters
    ----------
    modules : as in `code_digest`.

    Returns
    -------
    Sorted names below the package.

    Raises
    ------
    InputError : there is no module of such a name.
    """
    return _closure(PACKAGE, modules)


def _closure(package: Path, modules: tuple[str, ...]) -> list[str]:
    found: set[str] = set()
    waiting = list(modules)
    while waiting:
        name = waiting.pop()
        if name not in found and not {name, name.partition(".")[0]} & _WITHOUT_INFLUENCE.keys():
            found.add(name)
            waiting += _read(package, name, _ALL).imports
    return sorted(name for name in found if _read(package, name, _ALL).digest)


@cache
def _read(package: Path, name: str, networks: frozenset[str]) -> _Module:
    file = _file_of(package, name)
    if file is None:
        raise InputError(f"{name}: there is no such module in {package}; correct its name")
    tree = ast.parse(file.read_bytes(), file)
    _strip(tree)
    nodes = list(ast.walk(tree))
    _drop_other_networks(nodes, networks)
    texts = [_write(statement) for statement in tree.body]
    texts += [file_sha256(data) for data in _data_files(nodes, file.parent)]
    digest = hashlib.sha256("\n".join(texts).encode()).hexdigest() if texts else ""
    return _Module(digest, tuple(sorted(_imports(nodes, package, name))))


def _file_of(package: Path, name: str) -> Path | None:
    path = package.joinpath(*name.split("."))
    files = (path.with_name(f"{path.name}.py"), path / "__init__.py")
    return next((file for file in files if file.is_file()), None)


def _data_files(nodes: list[ast.AST], folder: Path) -> list[Path]:
    """List the files beside a module whose names are constants in it, such as templates."""
    beside = {file.name for file in folder.iterdir() if file.is_file() and file.suffix != ".py"}
    constants = {node.value for node in nodes if isinstance(node, ast.Constant)}
    return [folder / name for name in sorted(beside & constants)]


def _imports(nodes: list[ast.AST], package: Path, name: str) -> set[str]:
    """List our modules that a module imports, and the packages that contain them."""
    imported = []
    for node in nodes:
        match node:
            case ast.Import():
                imported += [alias.name for alias in node.names]
            case ast.ImportFrom(level=0):
                imported += [node.module, *(f"{node.module}.{alias.name}" for alias in node.names)]
            case ast.ImportFrom():
                raise InputError(f"{name}: write its imports in full, from {package.name} on")
    ours = [one.split(".")[1:] for one in imported if one.startswith(f"{package.name}.")]
    found = {".".join(parts[:end]) for parts in ours for end in range(1, len(parts) + 1)}
    found.add(name.rpartition(".")[0])
    return {module for module in found if module and _file_of(package, module)}


def _drop_other_networks(nodes: list[ast.AST], names: frozenset[str]) -> None:
    """Remove the entries of other networks, in place, from a module that has a named one's."""
    lists = [node for node in nodes if isinstance(node, ast.Tuple | ast.List)]
    if {_network_of(entry) for node in lists for entry in node.elts} & names:
        for node in lists:
            node.elts = [entry for entry in node.elts if _network_of(entry) in (None, *names)]


def _network_of(node: ast.expr) -> str | None:
    """Return the network's name if the node is an entry of the registry."""
    match node:
        case ast.Call(func=ast.Name(id=kind), args=[ast.Constant(value=name), *_]):
            return name if kind == _ENTRY else None
    return None


def _strip(tree: ast.Module) -> None:
    """Remove, in place, the parts of the tree that change no result."""
    for node in ast.walk(tree):
        in_class = isinstance(node, ast.ClassDef)
        for block in ("body", "orelse", "finalbody"):
            if isinstance(statements := getattr(node, block, None), list):
                kept = [_effective(statement, in_class) for statement in statements]
                setattr(node, block, list(chain.from_iterable(kept)))
        match node:
            case ast.arg():
                node.annotation = None
            case ast.FunctionDef() | ast.AsyncFunctionDef():
                node.returns = None
            case ast.Call(func=function, keywords=words) if _has_help(function):
                node.keywords = [word for word in words if word.arg not in _HELP_TEXTS]


def _effective(node: ast.stmt, in_class: bool) -> list[ast.stmt]:
    """Return the statements that remain of one without the parts that have no effect.

    In a class an annotation has an effect: it makes a field, and pydantic converts values by it.
    """
    match node:
        case ast.Pass() | ast.Expr(value=ast.Constant()):  # a docstring is such an expression
            return []
        case ast.ImportFrom(module=module, level=0) if module in _FOR_ANNOTATIONS:
            return []
        case ast.If(test=ast.Name(id="TYPE_CHECKING") | ast.Attribute(attr="TYPE_CHECKING")):
            return [part for other in node.orelse for part in _effective(other, in_class)]
        case ast.AnnAssign(target=target, value=value) if not in_class:
            return [ast.Assign([target], value)] if value else []
    return [node]


def _has_help(function: ast.expr) -> bool:
    name = getattr(function, "attr", None) or getattr(function, "id", "")
    return _DECLARING.fullmatch(name) is not None


def _write(node: object) -> str:
    """Write a part of a syntax tree as text, which is the same in every version of Python."""
    kind = type(node).__name__
    match node:
        case list():
            return f"[{','.join(map(_write, node))}]"
        case ast.JoinedStr():
            return f"{kind}({','.join(_pieces(node))})"
        case ast.AST():
            fields = [
                f"{name}={_write(value)}"
                for name in sorted({*node._fields} - _SKIPPED)
                if (value := getattr(node, name, None)) not in (None, [])
            ]
            return f"{kind}({','.join(fields)})"
    # Which characters `repr` escapes depends on the version, `ascii` escapes all but ASCII.
    return f"{kind}:{node!a}"


def _pieces(node: ast.JoinedStr) -> list[str]:
    """Write the pieces of an f-string; versions of Python split its text in different places."""
    pieces, text = [], ""
    for value in node.values:
        if isinstance(value, ast.Constant):
            text += value.value
        else:
            specification = _pieces(value.format_spec) if value.format_spec else []
            pieces += [ascii(text)] if text else []
            pieces.append(f"{_write(value.value)}!{value.conversion}:{','.join(specification)}")
            text = ""
    return pieces + ([ascii(text)] if text else [])
