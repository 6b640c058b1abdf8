"""Layout files → :class:`layouts.node.Layout`, or everything that is wrong with them."""

from __future__ import annotations

from collections.abc import Mapping

from layouts.build import Builder
from layouts.kinds.kind import Kind
from layouts.kinds.table import BUILT_IN
from layouts.known import Known
from layouts.lint import lint
from layouts.node import Layout
from layouts.problem import LayoutError, Problem, snippet
from layouts.project import Project, ReadFile
from layouts.reference import References


def check_layout(
    path: str,
    read_file: ReadFile,
    *,
    kinds: Mapping[str, Kind] = BUILT_IN,
    known: Known | None = None,
    is_lenient: bool = False,
) -> tuple[Layout, list[Problem]]:
    """The layout as far as it could be read, and all problems of all its files, in order of place.

    Args:
        path: The main file; ``use`` paths count from the folder of the file that holds them.
        read_file: Answers a file's bytes; None, KeyError or OSError when there is no such file.
        kinds: The kind table, with the plugins' kinds.
        known: Tables, commands and icons around the layout.
        is_lenient: Whether words of a newer version of the language are passed over (see :mod:`layouts.unknown`).
    """
    known = known or Known()
    project = Project(path, read_file, known.list_files, is_lenient=is_lenient)
    references = References(project, known)
    layout = Builder(project, kinds, references).build()
    references.check()
    lint(layout, kinds, project)
    order = {file: index for index, file in enumerate(project.texts)}
    unique = {(problem.where, problem.message): problem for problem in reversed(project.problems)}
    problems = sorted(unique.values(), key=lambda one: (order.get(one.where.file, -1), one.where, one.message))
    return layout, [one._replace(snippet=snippet(project.texts.get(one.where.file, ""), one.where)) for one in problems]


def load_layout(
    path: str,
    read_file: ReadFile,
    *,
    kinds: Mapping[str, Kind] = BUILT_IN,
    known: Known | None = None,
    is_lenient: bool = False,
) -> Layout:
    """The checked layout, components resolved; arguments as :func:`check_layout`.

    Raises:
        LayoutError: with all problems, warnings left out.
    """
    layout, problems = check_layout(path, read_file, kinds=kinds, known=known, is_lenient=is_lenient)
    errors = [problem for problem in problems if problem.severity == "error"]
    if errors:
        raise LayoutError(errors)
    return layout
