"""What the next commit takes: whole files, hunks, single lines. The index is written once, or not at all."""

from __future__ import annotations

import os
from collections.abc import Collection, Iterable, Sequence
from pathlib import Path
from typing import Any

import pygit2
from pygit2.enums import FileMode, FileStatus

from plugins.api import TableError, say
from plugins.git.change import STAGED, UNSTAGED, Change, content_at, diff_of
from plugins.git.index import free_index, write_index
from plugins.git.path import real_path, shown_path
from plugins.git.setting import settings
from plugins.git.spared import refuse_paths


def stage_files(repository: Any, paths: Iterable[str]) -> None:
    """Put files as they are now into the index; a folder stands for what is new in it, a missing file is removed."""
    index = free_index(repository)
    for path in paths:
        if path.endswith("/"):
            index.add_all([path + "*"])
        elif not os.path.lexists(Path(repository.workdir) / path):
            _remove(index, path)
        else:
            index.add(path)
    write_index(repository, index)


def unstage_files(repository: Any, paths: Iterable[str]) -> None:
    """Make the index have files as the last commit has them."""
    index = free_index(repository)
    tree = None if repository.head_is_unborn else repository.head.peel(pygit2.Tree)
    for path in paths:
        content = content_at(tree, path)
        if content is None:
            _remove(index, path)
        else:
            index.add(pygit2.IndexEntry(path, content[0], FileMode(content[1])))
    write_index(repository, index)


def stage_content(repository: Any, path: str, content: str, mode: int, *, ends_conflict: bool = False) -> None:
    """Make the index have a content, by its id, at a path."""
    index = free_index(repository)
    if ends_conflict and index.conflicts is not None and path in index.conflicts:
        del index.conflicts[path]
    index.add(pygit2.IndexEntry(path, pygit2.Oid(hex=content), FileMode(mode)))
    write_index(repository, index)


def discard_files(repository: Any, paths: Iterable[str]) -> None:
    """Make files what the index has; a file that git does not know is left alone."""
    from pygit2.enums import CheckoutStrategy

    known = [path for path in paths if not repository.status_file(path) & FileStatus.WT_NEW]
    refuse_paths(known)
    if known:
        free_index(repository)
        how = CheckoutStrategy.FORCE | CheckoutStrategy.DISABLE_PATHSPEC_MATCH
        repository.checkout_index(paths=known, strategy=how)


def stage_lines(repository: Any, change: Change, numbers: Collection[int]) -> None:
    """Take lines of a difference into the index, or out of it.

    Args:
        repository: A :class:`pygit2.Repository`.
        change: ``unstaged:path``, whose lines are staged, or ``staged:path``, whose lines are taken out again.
        numbers: Lines of the table ``diff``, from 1; those that neither add nor remove make no difference.

    Raises:
        TableError: the difference is of a commit, of a binary file, or not there any more.
    """
    if change.state not in (STAGED, UNSTAGED):
        raise TableError(say("lines of a commit are what they are"), hint=say("stage lines of changes in your files"))
    patch = _patch(repository, change)
    if patch.delta.is_binary:
        raise TableError(say("{path} has no lines", path=change.path), hint=say("stage the whole file"))
    index = free_index(repository)
    path = real_path(change.path)
    is_in = change.state == UNSTAGED
    base = _content(repository, index, path) if is_in else _committed(repository, patch.delta.old_file)
    # What is taken out of the index is what stays of it: all lines but the chosen ones.
    text = merged_lines(base, patch, numbers, is_kept=not is_in)
    is_nothing = not text and _is_gone(repository, path, is_in=is_in)
    if is_nothing:
        _remove(index, path)
    else:
        mode = patch.delta.new_file.mode or patch.delta.old_file.mode or FileMode.BLOB
        index.add(pygit2.IndexEntry(path, repository.create_blob(text), FileMode(mode)))
    write_index(repository, index)


def merged_lines(base: bytes, patch: Any, numbers: Collection[int], *, is_kept: bool) -> bytes:
    """The text ``base`` with some of a patch's changes.

    Args:
        base: The patch's old text.
        patch: A :class:`pygit2.Patch` against it.
        numbers: Lines as the table ``diff`` counts them, from 1.
        is_kept: True takes all changes but these, False only these.
    """
    lines = base.splitlines(keepends=True)
    text: list[bytes] = []
    place, number = 0, 0
    for hunk in patch.hunks:
        number += 1
        start = hunk.old_start - 1 if hunk.old_lines else hunk.old_start
        text += lines[place:start]
        place = start
        for line in hunk.lines:
            number += 1
            is_taken = (number in numbers) != is_kept
            if line.origin == " ":
                text.append(lines[place])
                place += 1
            elif line.origin == "-":
                if not is_taken:
                    text.append(lines[place])
                place += 1
            elif line.origin == "+" and is_taken:
                text.append(line.raw_content)
    return b"".join(_ended(text + lines[place:]))


def _ended(lines: Sequence[bytes]) -> list[bytes]:
    """Every line but the last has an end, also one that was the last before others were put behind it."""
    return [line if line.endswith(b"\n") else line + b"\n" for line in lines[:-1]] + list(lines[-1:])


def _patch(repository: Any, change: Change) -> Any:
    for patch in diff_of(repository, change.state, settings().context):
        if shown_path(patch.delta.new_file.raw_path) == change.path:
            return patch
    raise TableError(say("{path} has no such change any more", path=change.path), hint=say("look at the status again"))


def _content(repository: Any, index: Any, path: str) -> bytes:
    """The file as the index has it; nothing for one that is not there."""
    try:
        return repository[index[path].id].data
    except KeyError:
        return b""


def _committed(repository: Any, file: Any) -> bytes:
    return repository[file.id].data if file.id in repository else b""


def _is_gone(repository: Any, path: str, *, is_in: bool) -> bool:
    """Whether a file of which nothing is left is there no more, and not just empty."""
    if is_in:
        return not os.path.lexists(Path(repository.workdir) / path)
    return repository.head_is_unborn or content_at(repository.head.peel(pygit2.Tree), path) is None


def _remove(index: Any, path: str) -> None:
    if index.conflicts is not None and path in index.conflicts:
        del index.conflicts[path]
    elif path in index:
        index.remove(path)
