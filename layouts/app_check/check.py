"""Everything that must hold before an app's files become a release, a row each; all of it is told at once."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping
from typing import Any, NamedTuple

from kernel.delivery.path import check_path
from kernel.error import EspalierError, Where
from kernel.nearest import did_you_mean
from kernel.tables.error import TableError
from kernel.tables.schema import Schema
from layouts.app_check.own_plugins import with_own_plugins
from layouts.app_check.script import script_problems
from layouts.app_check.source import source_problems
from layouts.app_check.surface import Surface
from layouts.app_check.tables import described_schemas
from layouts.app_manifest import APP_FILE, AppDescription, AppError, is_inside, read_app
from layouts.known import Known, Offer
from layouts.node import Layout
from layouts.problem import Problem

ReadFile = Callable[[str], bytes | None]
#: ``table`` → schema of an app's sources; None when nothing can be said of them.
Schemas = Callable[[AppDescription, ReadFile], "Mapping[str, Schema] | None"]
#: Problems that are told of one app; what is above them says that there are more.
MOST = 200


class Case(NamedTuple):
    """What is looked at: paths, their content, the description, and what is around the app."""

    paths: frozenset[str]
    read_file: ReadFile
    app: AppDescription
    surface: Surface
    schemas: Mapping[str, Schema] | None

    def where(self, *keys: str | int, is_value: bool = True) -> Where:
        """The place of an entry in app.toml."""
        from kernel.config.locator import locate

        where = locate((self.read_file(APP_FILE) or b"").decode("utf-8", "replace")).where(
            APP_FILE, keys, is_value=is_value
        )
        return where if where.line else Where(APP_FILE, 1, 1)


def check_app(
    paths: Collection[str], read_file: ReadFile, surface: Surface, name: str = "", *, schemas: Schemas | None = None
) -> list[Problem]:
    """All problems of an app, errors and warnings, with places within its folder; none = it may be released.

    Args:
        paths: Its files, with forward slashes.
        read_file: A file's bytes, or None.
        surface: What is around it.
        name: The folder's name, which app.toml must repeat; empty when it may be called otherwise.
        schemas: Finds the tables to check against; from the app's own SQL texts when left out.
    """
    found = [Problem(Where(path), f"this path {reason}") for path in sorted(paths) if (reason := check_path(path))]
    surface, wrong = with_own_plugins(surface, paths, read_file)
    found += wrong
    try:
        app = read_app(read_file)
    except AppError as error:
        found += [Problem(*one) for one in error.problems]
        case = Case(frozenset(paths), read_file, AppDescription(name=name), surface, None)
        return _bounded([*found, *_layouts(case), *_scripts(case)])  # what app.toml has no say in
    case = Case(frozenset(paths), read_file, app, surface, None)
    try:
        case = case._replace(schemas=(schemas or described_schemas)(app, read_file))
    except TableError as error:
        found.append(Problem(case.where("sources"), error.message, error.hint))
    if name and app.name != name:
        hint = "give both the same name"
        found.append(Problem(case.where("name"), f"the app is called '{app.name}' but its folder '{name}'", hint))
    for check in CHECKS:
        found += check(case)
    return _bounded(found)


def _bounded(found: list[Problem]) -> list[Problem]:
    if len(found) <= MOST:
        return found
    more = Problem(Where(APP_FILE, 1, 1), f"there are {len(found) - MOST} more problems")
    return [*sorted(found, key=lambda one: one.severity != "error")[:MOST], more]


def main_layouts(app: AppDescription) -> tuple[str, ...]:
    """The layouts that the boot queue names, else the main one."""
    named = [app.entry[index + 1] for index, agent in enumerate(app.entry[:-1]) if agent == "layout"]
    return tuple(dict.fromkeys(named)) or (app.layout,)


def _requirements(case: Case) -> Iterator[Problem]:
    from layouts.app_needs import fits

    requires = case.app.requires
    wanted = requires.get("shell", "")
    if wanted and not fits(case.surface.shell, wanted):
        message = f"the app requires a shell {wanted}, and this is {case.surface.shell}"
        yield Problem(case.where("requires", "shell"), message, "it is released once the server is as new")
    for name, version in requires.get("plugins", {}).items():
        place = case.where("requires", "plugins", name)
        if name not in case.surface.plugins:
            yield Problem(place, f"there is no plugin {name} here", did_you_mean(name, case.surface.plugins))
        elif not fits(case.surface.plugins[name], version):
            yield Problem(place, f"the plugin {name} is {case.surface.plugins[name]} here, not {version}")


def _entry(case: Case) -> Iterator[Problem]:
    """The boot queue: known agents, and nothing outside of the app."""
    app = case.app
    for index, word in enumerate(app.entry):
        if "/" in word or "\\" in word or word.startswith("."):
            if not is_inside(word):
                message = f"the boot queue names {word}, which lies outside of the app"
                yield Problem(case.where("entry"), message, "write a path within the app's folder")
            elif word not in case.paths:
                yield Problem(case.where("entry"), f"the boot queue names {word}, which the app does not have")
        elif index == 0 and word not in case.surface.agents and not _is_module(case, word):
            hint = did_you_mean(word, case.surface.agents)
            yield Problem(case.where("entry"), f"there is no agent {word}", hint)
    for path in main_layouts(app):
        if path not in case.paths:
            where = case.where("layout") if path == app.layout else case.where("entry")
            yield Problem(where, f"the app's layout {path} is missing")


def _is_module(case: Case, name: str) -> bool:
    path = name.replace(".", "/")
    files = (f"scripts/{path}.py", f"{path}.py", f"scripts/{path}/__init__.py", f"{path}/__init__.py")
    return any(file in case.paths for file in files)


def _layouts(case: Case) -> Iterator[Problem]:
    from layouts.load import check_layout

    offer = Offer(lambda: (case.surface.shell, case.surface.plugins), lambda: case.app.permissions)
    known = Known(schemas=case.schemas, commands=case.surface.commands, list_files=lambda: case.paths, offer=offer)
    trees: list[Layout] = []
    is_right = True
    for path in main_layouts(case.app):
        if path in case.paths:
            tree, found = check_layout(path, case.read_file, kinds=case.surface.kinds, known=known)
            yield from found
            trees.append(tree)
            is_right &= not any(one.severity == "error" for one in found)
    if is_right:  # texts are gathered from layouts that can be shown
        yield from _catalogues(case, trees)


def _catalogues(case: Case, trees: list[Layout]) -> list[Problem]:
    paths = sorted(path for path in case.paths if path.startswith("locale/") and path.endswith(".po"))
    if not paths:
        return []
    from layouts.texts.check import check_catalogues

    return check_catalogues(paths, case.read_file, trees, case.surface.kinds, case.schemas or {})


def _scripts(case: Case) -> Iterator[Problem]:
    return script_problems(case.paths, case.read_file, case.surface.packages)


def _brought(case: Case) -> Iterator[Problem]:
    """Wheels and native libraries."""
    from layouts.app_brought import look_through

    for one in look_through(case.app, case.paths, case.read_file)[1]:
        where = Where(one.path) if one.path else case.where(*one.keys)
        yield Problem(where, one.message, one.hint)


#: What is checked once app.toml is right, in the order that it is told.
CHECKS: tuple[Callable[[Case], Iterator[Problem]], ...] = (
    _requirements, _entry, source_problems, _layouts, _scripts, _brought,
)  # fmt: skip


def errors_of(problems: list[Problem]) -> list[Problem]:
    """Those that keep an app from being released."""
    return [problem for problem in problems if problem.severity == "error"]


class UnfitError(EspalierError):
    """An app that cannot be released; ``problems`` says everything that is wrong with it."""

    def __init__(self, app: str, problems: list[Problem]) -> None:
        first = problems[0]
        more = f", and {len(problems) - 1} more" if len(problems) > 1 else ""
        super().__init__(f"{first.message}{more}", where=first.where, hint=first.hint)
        self.app = app
        self.problems = problems

    def __str__(self) -> str:
        return "\n".join(str(problem) for problem in self.problems)

    def records(self) -> list[dict[str, Any]]:
        """The problems as plain data."""
        return [record_of(problem) for problem in self.problems]


def record_of(problem: Problem) -> dict[str, Any]:
    """A problem as plain data, as ``--json`` shows it."""
    where = problem.where
    return {
        "file": where.file,
        "line": where.line,
        "column": where.column,
        "severity": problem.severity,
        "message": problem.message,
        "hint": problem.hint,
    }
