"""The house is complete and clean: what no single test of a rule would notice."""

from __future__ import annotations

import ast
import csv
import hashlib
import json
import os
import re
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from django.apps import apps
from django.db import models
from django.template.loader import get_template
from django.urls import URLPattern, URLResolver, get_resolver

from kondusif import events, reference
from kondusif.standby import GATES, POSTURE_MOVES, Posture
from kondusif_web.accounts.roles import NAMES, PERMISSIONS, Role
from kondusif_web.channels import WAYS
from kondusif_web.logbook.digests import OUTSIDE, tracked

ROOT = Path(__file__).resolve().parents[1]
SRC = ROOT / "src"
OFFICE = SRC / "kondusif_web"
TEXT = {".py", ".md", ".html", ".css", ".js", ".csv", ".toml", ".txt", ".json", ".svg", ".po", ""}


@cache
def kept() -> tuple[Path, ...]:
    """Every text file of the repository, new ones included, ignored ones not."""
    listed = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    ).stdout.splitlines()
    paths = (ROOT / name for name in listed)
    return tuple(p for p in paths if p.is_file() and p.suffix in TEXT)


def code(*, under: Path = SRC) -> list[Path]:
    return [
        p for p in kept() if p.suffix == ".py" and p.is_relative_to(under) and "migrations" not in p.parts
    ]


def templates() -> list[Path]:
    return [p for p in kept() if p.suffix == ".html" and p.is_relative_to(OFFICE)]


def short(path: Path) -> str:
    return str(path.relative_to(ROOT))


# ---------------------------------------------------------------- words that have no place here


def test_files_read_in_one_sitting() -> None:
    long = {short(p): n for p in code() if (n := len(p.read_text().splitlines())) > 400}
    assert long == {}


def test_a_class_name_stands_for_one_thing() -> None:
    """Twice only for a value and its row: two values of one name, or two forms, would be two things."""
    named: dict[str, list[str]] = {}
    rows = {(m.__module__, m.__name__) for m in our_models()}
    for module, path in module_files().items():
        for node in ast.parse(path.read_text("utf-8")).body:
            if isinstance(node, ast.ClassDef) and (module, node.name) not in rows:
                named.setdefault(node.name, []).append(module)
    assert {name: where for name, where in named.items() if len(where) > 1} == {}


def test_no_function_is_longer_than_a_screen() -> None:
    long = {
        f"{short(p)}:{f.name}": n
        for p in code()
        for f in ast.walk(ast.parse(p.read_text()))
        if isinstance(f, ast.FunctionDef) and (n := (f.end_lineno or 0) - f.lineno + 1) > 60
    }
    assert long == {}


def test_no_function_is_excused_from_the_limit_of_complexity() -> None:
    """Ruff holds every function to ten branches (C901); nothing steps out of it."""
    excused = re.compile(r"noqa:[^\n]*C90")
    files = [p for p in kept() if p.suffix == ".py" and p != Path(__file__)]
    assert [short(p) for p in files if excused.search(p.read_text(encoding="utf-8"))] == []
    rules = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["ruff"]["lint"]
    assert "C90" in rules["select"] and rules["mccabe"]["max-complexity"] == 10
    assert "C90" not in str(rules["ignore"]) + str(rules["per-file-ignores"])


def test_nothing_is_left_for_later() -> None:
    later = re.compile(r"\b(TODO|FIXME|XXX|HACK)\b")
    files = [p for p in kept() if p != Path(__file__) and p.suffix != ".json"]
    assert [short(p) for p in files if later.search(p.read_text(encoding="utf-8"))] == []


def test_no_path_of_one_machine_is_written_down() -> None:
    ours = re.compile(rf"(?<![\w.])/({'wo' + 'rk'}|{'ro' + 'ot'}|home/[a-z]|Users/[a-z])(?![\w-])")
    files = [p for p in kept() if p != Path(__file__)]
    assert [short(p) for p in files if ours.search(p.read_text(encoding="utf-8"))] == []


# SHA-256 of words: people in the source article. Roles stand in their place (RULES 25).
PEOPLE = {
    "3b12e8b5fb0782be176d68dfaf05396ae90b1bffdfb6fbdbb3df3a7a0a43a549",
    "b81311ef3295fbcc0fd4f1d428a9887f0ff57cc472fe643363617299b9914409",
    "7537decbe6bd02ff044341dcc202bb5ec2132e7a0195721dade593d3e17c52f1",
    "e0ab59befc6b587b943d9b83928dc479398a75487ec22c9a247c441e7e98b451",
}


def test_nobody_of_the_source_article_is_named() -> None:
    named = []
    for path in kept():
        words = set(re.findall(r"[a-z]{5,}", path.read_text(encoding="utf-8").lower()))
        named += [short(path) for word in words if hashlib.sha256(word.encode()).hexdigest() in PEOPLE]
    assert named == []


def test_no_table_asks_about_a_person_or_a_vote() -> None:
    """No religion, ethnicity, opinion, identity or telephone number, and no vote figure (RULES 17)."""
    banned = re.compile(
        r"(^|_)(nik|kk|agama|suku|ras|religion|ethnic\w*|opinion|votes|suara|perolehan|telepon|phone|hp)(_|$)"
    )
    columns = [f"{m._meta.db_table}.{f.name}" for m in our_models() for f in m._meta.get_fields()]
    assert [c for c in columns if banned.search(c.partition(".")[2])] == []


# ---------------------------------------------------------------- imports


@cache
def module_files() -> dict[str, Path]:
    """Every module of ours by its dotted name; a package by that of its ``__init__``."""
    parts = {path: path.relative_to(SRC).with_suffix("").parts for path in code()}
    return {".".join(p[:-1] if p[-1] == "__init__" else p): path for path, p in parts.items()}


def import_statements(node: ast.AST, *, in_functions: bool) -> Iterator[ast.Import | ast.ImportFrom]:
    """Imports that run: none beneath ``if TYPE_CHECKING``; those inside functions when asked for."""
    for child in ast.iter_child_nodes(node):
        if isinstance(child, ast.If) and "TYPE_CHECKING" in ast.unparse(child.test):
            continue
        if isinstance(child, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda) and not in_functions:
            continue
        if isinstance(child, ast.Import | ast.ImportFrom):
            yield child
        yield from import_statements(child, in_functions=in_functions)


def imported(module: str, *, in_functions: bool) -> set[str]:
    """Modules of ours that a module imports; ``from package import name`` is ``name`` if that is a module."""
    ours = module_files()
    found: set[str] = set()
    for node in import_statements(ast.parse(ours[module].read_text("utf-8")), in_functions=in_functions):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        else:
            inner = {alias.name: f"{node.module}.{alias.name}" for alias in node.names}
            found |= {path if path in ours else str(node.module) for path in inner.values()}
    return found & ours.keys() - {module}


def import_circles(*, in_functions: bool) -> list[list[str]]:
    """Groups of modules that reach each other by imports."""
    edges = {module: imported(module, in_functions=in_functions) for module in module_files()}
    reached: dict[str, set[str]] = {}
    for module in edges:
        seen, ahead = set(), [module]
        while ahead:
            new = edges[ahead.pop()] - seen
            seen |= new
            ahead += new
        reached[module] = seen
    circles = {frozenset(n for n in reached[m] if m in reached[n]) for m in edges if m in reached[m]}
    return sorted(sorted(circle) for circle in circles)


@pytest.mark.parametrize("in_functions", [False, True], ids=["at load", "in functions too"])
def test_no_modules_import_each_other_in_a_circle(in_functions: bool) -> None:
    """An import put off into a function hides a circle; it does not open it."""
    assert import_circles(in_functions=in_functions) == []


# ---------------------------------------------------------------- rooms


@cache
def settings() -> dict[str, Any]:
    return tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))


def layers(package: str) -> list[list[str]]:
    """The rooms of a package as its contract orders them, highest first."""
    contracts = settings()["tool"]["importlinter"]["contracts"]
    [found] = [c for c in contracts if c["type"] == "layers" and c["containers"] == [package]]
    return [layer.split(" : ") for layer in found["layers"]]


def rooms() -> list[str]:
    """The packages of the office, lowest first."""
    packages = {path.parent.name for path in OFFICE.glob("*/__init__.py")}
    return [room for layer in reversed(layers("kondusif_web")) for room in layer if room in packages]


def test_the_contracts_of_imports_hold() -> None:
    """What ``lint-imports`` of make check says: the order of rooms, one way into the book, and the rest."""
    command = Path(sys.executable).with_name("lint-imports")
    here = {**os.environ, "PYTHONPATH": str(SRC)}
    done = subprocess.run([command, "--no-cache"], cwd=ROOT, env=here, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout[done.stdout.find("Broken contracts") :]


def test_every_room_has_its_place_in_the_order_and_foreign_keys_keep_to_it() -> None:
    """A row may name a row of a room below it, never of one above."""
    order = {room: height for height, room in enumerate(rooms())}
    assert set(order) == {path.parent.name for path in OFFICE.glob("*/__init__.py")}
    up = [
        f"{model.__name__}.{field.name} -> {field.related_model.__name__}"
        for model in our_models()
        for field in model._meta.fields
        if field.related_model in our_models() and order[room_of(field.related_model)] > order[room_of(model)]
    ]
    assert up == []


def room_of(model: type[models.Model]) -> str:
    return model.__module__.split(".")[1]


OPENED_ABOVE = {("classes", "Round")}  # answers asks by the round that runs; closing it keeps the classes
WRITES = {"create", "bulk_create", "get_or_create", "update_or_create", "bulk_update", "update", "delete"}


def test_a_room_writes_its_own_rows_alone() -> None:
    """One door per fact: no room makes or changes rows of another."""
    ours = {(m.__module__, m.__name__) for m in our_models()}
    found = []
    for path in code(under=OFFICE):
        tree = ast.parse(path.read_text(encoding="utf-8"))
        room = path.relative_to(OFFICE).parts[0]
        alien = {
            alias.asname or alias.name
            for node in ast.walk(tree)
            if isinstance(node, ast.ImportFrom) and not str(node.module).startswith(f"kondusif_web.{room}.")
            for alias in node.names
            if (node.module, alias.name) in ours and (room, alias.name) not in OPENED_ABOVE
        }
        calls = (node for node in ast.walk(tree) if isinstance(node, ast.Call))
        found += [f"{short(path)}:{call.lineno}" for call in calls if written_by(call) in alien]
    assert found == []


def written_by(call: ast.Call) -> str:
    """The name that a call makes a row of or writes rows of, "" for any other call."""
    if isinstance(call.func, ast.Name):
        return call.func.id
    if not isinstance(call.func, ast.Attribute) or call.func.attr not in WRITES:
        return ""
    inner: ast.AST = call.func.value
    while isinstance(inner, ast.Attribute | ast.Call):
        inner = inner.func if isinstance(inner, ast.Call) else inner.value
    return getattr(inner, "id", "")


def test_channels_have_addresses_and_neither_rows_nor_rules() -> None:
    folders = [path.parent for path in (OFFICE / "channels").glob("*/__init__.py")]
    assert {"web"} <= set(WAYS) <= {folder.name for folder in folders}
    kept = [short(path) for folder in folders for path in code(under=folder)]
    assert [path for path in kept if re.search(r"/(models|actions|migrations)\b", path)] == []


def test_a_context_is_imported_by_name() -> None:
    """No import by string: who reads a file sees what it stands on."""
    named = [(short(p), n) for n in ("import_string", "import_module") for p, _ in calls(n)]
    assert named == []
    assert list(OFFICE.rglob("apps.py")) == []  # Django makes by itself what ours said


def test_addresses_and_pages_carry_the_name_of_their_room() -> None:
    spaces = {
        path.parent: re.search(r'^app_name = "(\w+)"$', path.read_text("utf-8"), re.MULTILINE)[1]
        for path in code(under=OFFICE)
        if path.name == "urls.py" and path.parent != OFFICE
    }
    assert [short(folder) for folder, space in spaces.items() if folder.name != space] == []
    folders = {
        p.relative_to(OFFICE / "templates").parts[0]
        for p in templates()
        if p.parent.parent == OFFICE / "templates"
    }
    assert folders <= {*rooms(), *WAYS}


# ---------------------------------------------------------------- what must be accounted for


def our_models() -> list[type[models.Model]]:
    every = apps.get_models(include_auto_created=True)
    return [m for m in every if m.__module__.startswith("kondusif_web.")]


def test_every_table_is_compared_with_the_book_or_listed_as_outside() -> None:
    tables = {m._meta.db_table for m in our_models()}
    assert {m._meta.db_table for m in tracked()} | OUTSIDE.keys() == tables
    assert all(reason.strip() for reason in OUTSIDE.values())


def test_columns_outside_the_digest_are_few_and_known() -> None:
    volatile = {f"{m._meta.db_table}.{name}" for m in tracked() for name in getattr(m, "volatile", ())}
    assert volatile <= {"accounts_user.last_login", "accounts_user.password"}


def calls(name: str) -> Iterator[tuple[Path, ast.Call]]:
    """Calls of a function of this name in the office."""
    for path in code(under=OFFICE):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call):
                called = (
                    node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
                )
                if called == name:
                    yield path, node


# ---------------------------------------------------------------- days

DAYS = SRC / "kondusif" / "stages" / "days.py"
DAY_LOOKUP = re.compile(r"__(date|year|iso_year|month|day|week|week_day|hour)(__\w+)?")
DAY_WRITTEN = re.compile(r"%[YymdjAaBb]")
IN_DATABASE = re.compile(r"(Trunc|Extract)[A-Z]\w*")


def days_made(tree: ast.AST) -> Iterator[ast.AST]:
    """Where a moment becomes a day, in Python, in a look-up of the database, or in an f-string."""
    for node in ast.walk(tree):
        match node:
            case ast.Call(func=ast.Attribute(attr="date"), args=[], keywords=[]):
                yield node
            case ast.keyword(arg=str(name)) | ast.Constant(value=str(name)) if DAY_LOOKUP.search(name):
                yield node
            case ast.Name(id=name) | ast.Attribute(attr=name) if IN_DATABASE.fullmatch(name):
                yield node
            case ast.FormattedValue(value=ast.Attribute(attr=name), format_spec=ast.JoinedStr() as spec):
                if name not in ("day", "vote_day", "local_vote") and DAY_WRITTEN.search(ast.unparse(spec)):
                    yield node


def test_only_one_function_turns_a_moment_into_a_day() -> None:
    """The server keeps UTC: before 7, 8 or 9 in the morning its day is yesterday's. Ask ``local_day``."""
    found = [
        f"{short(path)}:{getattr(node, 'lineno', '?')}"
        for path in code()
        if path != DAYS
        for node in days_made(ast.parse(path.read_text(encoding="utf-8")))
    ]
    found += [short(page) for page in templates() if re.search(r"\.date\b", page.read_text(encoding="utf-8"))]
    assert found == []


@pytest.mark.parametrize(
    "text",
    [
        "on = now.date()",
        "on = row.at.astimezone(zone).date()",
        "rows.filter(at__date=day)",
        "rows.exclude(at__date__gte=day)",
        "Q(**{'visit__at__year': 2023})",
        "rows.annotate(day=TruncDate('at'))",
        "rows.annotate(hour=functions.ExtractHour('at'))",
        "f'{row.at:%d-%m-%Y}'",
    ],
)
def test_a_day_made_elsewhere_is_noticed(text: str) -> None:
    assert list(days_made(ast.parse(text)))


def words_in(*paths: Path) -> set[str]:
    """Every string in these files."""
    out = set()
    for path in paths:
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                out.add(node.value)
    return out


def test_every_line_of_the_book_has_a_kind_that_someone_writes() -> None:
    written = words_in(*code(under=OFFICE))
    assert sorted(kind for kind in events.EVENT_KINDS if kind not in written) == []


def test_every_recorded_kind_is_in_the_table() -> None:
    unknown = [
        f"{short(path)}: {call.args[0].value}"
        for path, call in calls("record")
        if call.args
        and isinstance(call.args[0], ast.Constant)
        and call.args[0].value not in events.EVENT_KINDS
    ]
    assert unknown == []


def test_every_permission_is_asked_for_somewhere() -> None:
    asked = words_in(*(p for p in code(under=OFFICE) if p.name != "roles.py"))
    for page in templates():
        asked |= set(re.findall(r"[\"'](\w+)[\"']", page.read_text(encoding="utf-8")))
    assert sorted(permission for permission in PERMISSIONS if permission not in asked) == []


def test_every_permission_asked_for_is_in_the_table() -> None:
    unknown = [
        f"{short(path)}: {call.args[1].value}"
        for name in ("require", "may", "may_at")
        for path, call in calls(name)
        if len(call.args) > 1
        and isinstance(call.args[1], ast.Constant)
        and call.args[1].value not in PERMISSIONS
    ]
    assert unknown == []


def test_every_permission_that_a_template_asks_for_is_in_the_table() -> None:
    asked = set()
    for page in templates():
        asked |= set(re.findall(r"\bboleh\.(\w+)", page.read_text(encoding="utf-8")))
    assert asked and asked <= set(PERMISSIONS)


def test_every_role_has_a_name_and_a_permission() -> None:
    assert set(NAMES) == set(Role)
    assert set().union(*PERMISSIONS.values()) == set(Role)


def test_every_posture_and_gate_has_its_row_and_its_word() -> None:
    assert set(POSTURE_MOVES) == set(Posture)
    states, gates = reference.states_markdown(), reference.gates_markdown()
    assert [p for p in Posture if p.value not in states] == []
    every = sorted({gate for shut in GATES.values() for gate in shut})
    assert [gate for gate in every if gate not in gates] == []


def test_every_method_number_that_code_cites_exists() -> None:
    chapters = "\n".join(p.read_text(encoding="utf-8") for p in (ROOT / "docs" / "method").glob("*.md"))
    known = set(re.findall(r"^(?:#+ |\*\*)(\d+\.\d+)\b", chapters, re.MULTILINE))
    cited = {n for p in code() for n in re.findall(r"\bmethod (\d+\.\d+)\b", p.read_text(encoding="utf-8"))}
    assert sorted(cited - known) == []


def test_the_written_reference_is_true() -> None:
    assert reference.drifted() == []


def test_every_setting_is_documented() -> None:
    documented = (ROOT / "docs" / "reference" / "settings.md").read_text()
    used = {w for w in words_in(*code()) if re.fullmatch(r"KONDUSIF_[A-Z_]+|DATABASE_URL", w)}
    assert sorted(name for name in used if f"`{name}`" not in documented) == []


# ---------------------------------------------------------------- pages


def url_names() -> Iterator[tuple[str, URLPattern]]:
    def walk(resolver: URLResolver, space: str = "") -> Iterator[tuple[str, URLPattern]]:
        for entry in resolver.url_patterns:
            if isinstance(entry, URLResolver):
                yield from walk(entry, f"{entry.namespace}:" if entry.namespace else space)
            else:
                yield f"{space}{entry.name}", entry

    return walk(get_resolver())


def test_every_path_has_a_name_of_its_own() -> None:
    names = [name for name, _ in url_names()]
    assert sorted(names) == sorted(set(names))
    assert not [name for name in names if name.endswith("None")]


def test_every_name_that_a_page_or_a_view_uses_exists() -> None:
    known = {name for name, _ in url_names()}
    used = {
        (short(p), name)
        for p in templates()
        for name in re.findall(r"{% url [\"']([\w:]+)[\"']", p.read_text(encoding="utf-8"))
    }
    for call in ("redirect", "reverse"):
        used |= {
            (short(path), node.args[0].value)
            for path, node in calls(call)
            if node.args and isinstance(node.args[0], ast.Constant) and ":" in str(node.args[0].value)
        }
    assert sorted(pair for pair in used if pair[1] not in known) == []


OWN_FRAME = {
    "base.html",
    "500.html",  # whatever broke may break in base.html too
    "public/publik.html",  # reads published items alone, so not the operation that base.html shows
}


@pytest.mark.parametrize("path", templates(), ids=short)
def test_template(path: Path) -> None:
    """It compiles, extends the one frame, and holds neither inline script or style nor a foreign address."""
    name = str(path.relative_to(OFFICE)).partition("templates/")[2]
    get_template(name)
    text = path.read_text(encoding="utf-8")
    if not path.name.startswith("_") and name not in OWN_FRAME:
        assert re.search(r"{% extends [\"'][\w/]+\.html[\"'] %}", text), "a page extends base.html"
    assert not re.search(r"\sstyle=|<style\b|\son[a-z]+=[\"']|javascript:", text), "no inline style or script"
    assert not re.search(r"<script(?![^>]*\ssrc=)", text), "a script is a file"
    assert not re.search(r"(?:href|src|action)=[\"']https?:", text), "no foreign address"


def test_every_template_is_used() -> None:
    """A page nobody renders is a page nobody mends; those of errors are rendered by Django itself."""
    named = "\n".join(p.read_text(encoding="utf-8") for p in [*code(under=OFFICE), *templates()])
    names = [str(p.relative_to(OFFICE)).partition("templates/")[2] for p in templates()]
    names = [name for name in names if not re.fullmatch(r"\d{3}(_csrf)?\.html", name)]
    assert [name for name in names if f'"{name}"' not in named and f"'{name}'" not in named] == []


# ---------------------------------------------------------------- sample, locks, dependencies


def sample(part: str) -> list[Path]:
    return sorted((ROOT / "sample" / "pasrepan" / part).glob("*.csv"))


def test_every_illustrative_row_says_so_and_no_fact_does() -> None:
    """RULES 24."""
    assert sample("facts") and sample("illustrative")
    unmarked = []
    for path in sample("illustrative"):
        with path.open(encoding="utf-8-sig", newline="") as f:
            rows = list(csv.DictReader(f))
        unmarked += [f"{path.name}:{i}" for i, row in enumerate(rows, 2) if row.get("ilustratif") != "ya"]
    for path in sample("facts"):
        with path.open(encoding="utf-8-sig", newline="") as f:
            unmarked += [
                path.name for row in csv.DictReader(f) if row.get("ilustratif", "") not in ("", "tidak")
            ]
    assert unmarked == []


def test_locks_hold_hashes_and_no_address() -> None:
    for lock in (ROOT / "requirements").glob("*.txt"):
        text = lock.read_text()
        assert "://" not in text, lock.name
        pins = re.split(
            r"\n(?=[a-z0-9])", re.sub(r"^#.*\n", "", text, flags=re.MULTILINE).strip(), flags=re.I
        )
        assert [pin for pin in pins if "--hash=sha256:" not in pin or "==" not in pin] == [], lock.name
    front = json.loads((ROOT / "package-lock.json").read_text())["packages"]
    assert all("integrity" in v and "resolved" not in v for k, v in front.items() if k)


def test_the_example_of_the_readme_runs(capsys: pytest.CaptureFixture[str]) -> None:
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    exec(re.search(r"```python\n(.*?)```", text, re.DOTALL)[1], {})
    total, coverage = capsys.readouterr().out.splitlines()[0].split()
    assert 0 < float(total) < 100 and 0 < float(coverage) <= 1


def test_links_between_pages_lead_somewhere() -> None:
    broken = []
    for page in (p for p in kept() if p.suffix == ".md" and not p.is_relative_to(ROOT / "tests")):
        for target in re.findall(r"\]\((?!https?:|#|mailto:)([^)#\s]+)", page.read_text(encoding="utf-8")):
            if not (page.parent / target).exists():
                broken.append(f"{short(page)}: {target}")
    assert broken == []


def test_every_dependency_is_locked_and_has_its_reason() -> None:
    text = (ROOT / "pyproject.toml").read_text()
    project = tomllib.loads(text)
    wanted = [*project["project"]["dependencies"]]
    for group in project["dependency-groups"].values():
        wanted += group
    locked = "\n".join(p.read_text() for p in (ROOT / "requirements").glob("*.txt"))
    for line in wanted:
        name = re.match(r"[\w.-]+", line)[0].lower().replace("_", "-")
        assert re.search(rf"^{re.escape(name)}==", locked, re.MULTILINE), f"{name} is not locked"
        assert re.search(rf'"{re.escape(line)}"\]?,?\s*# \w', text), f"{name} has no reason"
