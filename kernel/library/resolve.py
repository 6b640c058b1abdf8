"""Picking the libraries of an app: for every machine one version of each, which all fit each other."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from kernel.library.description import Description, Descriptions
from kernel.library.error import LibraryError
from kernel.words import mark

#: Choices that are looked at before the libraries count as too tangled.
MOST = 100_000


def machines(descriptions: Descriptions) -> list[tuple[str, str]]:
    """The machines that there are libraries for."""
    return sorted({one.machine for choices in descriptions.values() for one in choices})


def resolve(descriptions: Descriptions, machine: tuple[str, str]) -> dict[str, Description]:
    """For each name the newest version that fits all others; of what there is for this machine.

    Raises:
        LibraryError: no choice fits; says what stands in the way.
    """
    fitting = {name: [one for one in all_ if one.machine == machine] for name, all_ in descriptions.items()}
    choices = {name: _newest_first(found) for name, found in fitting.items() if found}
    reasons: list[str] = []
    found = next(_fitting(sorted(choices), choices, {}, reasons, [0]), None)
    if found is None:
        place = " ".join(machine)
        raise LibraryError(
            mark(f"the libraries for {place} do not fit together: {reasons[0] if reasons else 'none fits'}")
        )
    return found


def parse_need(text: str) -> tuple[str, str]:
    """The name and the versions of ``base>=2,<3``.

    Raises:
        LibraryError: it is none.
    """
    from packaging.specifiers import InvalidSpecifier, SpecifierSet

    end = next((index for index, letter in enumerate(text) if letter in "<>=!~ "), len(text))
    name, versions = text[:end], text[end:].strip()
    try:
        SpecifierSet(versions)
    except InvalidSpecifier as error:
        raise LibraryError(
            mark(f"{text!r} names no library and its versions"), hint=mark("write base>=2,<3")
        ) from error
    if not name:
        raise LibraryError(mark(f"{text!r} names no library"), hint=mark("write base>=2,<3"))
    return name, versions


def _fitting(
    names: Sequence[str],
    choices: Mapping[str, list[Description]],
    chosen: dict[str, Description],
    reasons: list[str],
    looked: list[int],
) -> Iterator[dict[str, Description]]:
    """Every choice for the names, the best first, beside those that are chosen."""
    if not names:
        yield chosen
        return
    name, rest = names[0], names[1:]
    for one in choices[name]:
        looked[0] += 1
        if looked[0] > MOST:
            raise LibraryError(mark("the libraries need each other in too many ways"), hint=mark("leave versions out"))
        wider = {**chosen, name: one}
        reason = _clash(wider, choices)
        if reason:
            reasons.append(reason)
        else:
            yield from _fitting(rest, choices, wider, reasons, looked)


def _clash(chosen: dict[str, Description], choices: Mapping[str, list[Description]]) -> str:
    """Why these do not go together; empty when they do."""
    from packaging.specifiers import SpecifierSet

    sonames: dict[str, str] = {}
    for name, one in chosen.items():
        other = sonames.setdefault(one.soname, name)
        if one.soname and other != name:
            return mark(f"{other} and {name} are both {one.soname}, and a process has one library of a name")
        for need in one.needs:
            wanted, versions = parse_need(need)
            if wanted not in choices:
                return mark(f"{name} {one.version} needs {wanted}, which the app does not have for this machine")
            version = chosen[wanted].version if wanted in chosen else None
            if version is not None and not SpecifierSet(versions).contains(version, prereleases=True):
                return mark(f"{name} {one.version} needs {need}, and there is {wanted} {version}")
    return ""


def _newest_first(found: list[Description]) -> list[Description]:
    from packaging.version import InvalidVersion, Version

    try:
        return sorted(found, key=lambda one: Version(one.version), reverse=True)
    except InvalidVersion as error:
        raise LibraryError(f"{error}", hint=mark("write versions like 1.2.0")) from error
