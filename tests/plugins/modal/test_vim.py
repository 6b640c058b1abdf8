"""The same keystrokes in vim itself, where there is one: the table of triples is no invention."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from pathlib import Path

import pytest

from plugins.scintilla.modal.key import DELETE, DOWN, END, HOME, LEFT, RIGHT, UP, keys_of
from plugins.scintilla.modal.text import Place
from tests.plugins.modal.triples import triples, with_caret, without_caret

#: Letters that stand for keys without one → vim's names of them.
_NAMED = {LEFT: "Left", UP: "Up", RIGHT: "Right", DOWN: "Down", HOME: "Home", END: "End", DELETE: "Del"}
_SCRIPT = r"""
set nocompatible encoding=utf-8 autoindent expandtab tabstop=4 shiftwidth=4 softtabstop=0 backspace=indent,eol,start
set nojoinspaces startofline belloff=all nrformats=bin,hex hlsearch incsearch shortmess=atI nomore lines=24 columns=200
set noswapfile viminfo= cpoptions=aABceFs
let names = json_decode($NAMES)
func! Run(case)
  enew!
  setlocal autoindent expandtab tabstop=4 shiftwidth=4 undolevels=-1
  for name in split('abcdefghijklmnopqrstuvwxyz0123456789-/', '\zs')
    call setreg(name, [])
  endfor
  let @/ = ''
  call setcharsearch({'char': ''})
  call setline(1, a:case.lines)
  setlocal undolevels=1000
  delmarks!
  clearjumps
  call setcursorcharpos(a:case.line + 1, a:case.column + 1)
  let keys = a:case.keys
  for [letter, name] in items(g:names)
    let keys = substitute(keys, letter, eval('"\<' . name . '>"'), 'g')
  endfor
  silent! call feedkeys(keys, 'tx')
  let place = getcursorcharpos()
  return {'lines': getline(1, '$'), 'line': place[1] - 1, 'column': place[2] - 1}
endfunc
call writefile([json_encode(map(json_decode(join(readfile($CASES), "\n")), 'Run(v:val)'))], $ANSWERS)
qa!
"""


@pytest.mark.skipif(shutil.which("vim") is None, reason="there is no vim here")
def test_vim_does_the_same(tmp_path: Path) -> None:
    version = subprocess.run(["vim", "--version"], capture_output=True, text=True, check=True).stdout
    if "+eval" not in version or "Vi IMproved 9.0" not in version:
        pytest.skip("the table is that of vim 9.0")
    cases, script, answers = (tmp_path / name for name in ("cases.json", "run.vim", "answers.json"))
    rows = []
    for one in triples():
        text, place = without_caret(one.before)
        lines = text.removesuffix("\n").split("\n")
        rows.append({"lines": lines, "line": place.line, "column": place.column, "keys": keys_of(one.keys)})
    cases.write_text(json.dumps(rows), "utf-8")
    script.write_text(_SCRIPT, "utf-8")
    environ = {**os.environ, "CASES": str(cases), "ANSWERS": str(answers), "NAMES": json.dumps(_NAMED), "TERM": "xterm"}
    command = ["vim", "-u", "NONE", "-i", "NONE", "-n", "-N", "-e", "-s", "-S", str(script)]
    subprocess.run(command, env=environ, stdin=subprocess.DEVNULL, capture_output=True, timeout=120)
    wrong = []
    for one, got in zip(triples(), json.loads(answers.read_text("utf-8")), strict=True):
        text = "\n".join(got["lines"]) + ("\n" if one.after.endswith("\n") else "")
        if with_caret(text, Place(got["line"], got["column"])) != one.after:
            wrong.append((*one, text))
    assert not wrong
