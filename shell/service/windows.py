"""Services as Windows knows them: tasks that its scheduler runs for a person, from their logging in on.

A service of Windows' service manager would have to answer that manager, and to be installed by the administrator.
The form is Microsoft's Task Scheduler schema.
"""

from __future__ import annotations

import os
import subprocess
from pathlib import Path
from xml.sax.saxutils import escape

from shell.service.system import ask, run
from shell.service.table import File, Service

ADVICE = "It runs while you are logged in"
_FORM = """<?xml version="1.0"?>
<Task version="1.2" xmlns="http://schemas.microsoft.com/windows/2004/02/mit/task">
  <RegistrationInfo><Description>{title}</Description></RegistrationInfo>
  <Triggers><LogonTrigger><Enabled>true</Enabled>{again}</LogonTrigger></Triggers>
  <Principals><Principal id="person"><LogonType>InteractiveToken</LogonType><RunLevel>LeastPrivilege</RunLevel>\
</Principal></Principals>
  <Settings>
    <MultipleInstancesPolicy>IgnoreNew</MultipleInstancesPolicy>
    <DisallowStartIfOnBatteries>false</DisallowStartIfOnBatteries>
    <StopIfGoingOnBatteries>false</StopIfGoingOnBatteries>
    <ExecutionTimeLimit>PT0S</ExecutionTimeLimit>
    <RestartOnFailure><Interval>PT1M</Interval><Count>3</Count></RestartOnFailure>
  </Settings>
  <Actions Context="person"><Exec><Command>{program}</Command><Arguments>{words}</Arguments></Exec></Actions>
</Task>
"""


def files(service: Service) -> list[File]:
    """The task."""
    every_s = service.kind.every_s
    again = f"<Repetition><Interval>PT{every_s}S</Interval></Repetition>" if every_s else ""
    text = _FORM.format(
        title=escape(service.kind.title),
        again=again,
        program=escape(service.command[0]),
        words=escape(subprocess.list2cmdline(service.command[1:])),
    )
    home = os.environ.get("LOCALAPPDATA")
    folder = (Path(home) if home else Path.home() / "AppData" / "Local") / "espalier"
    return [File(folder / f"{service.name}.xml", text, ("<!--", " -->"))]


def begin(service: Service) -> None:
    """Have it start now and with each session; raises ServiceError."""
    run("schtasks", "/Create", "/F", "/TN", service.name, "/XML", str(files(service)[0].path))
    run("schtasks", "/Run", "/TN", service.name)


def end(service: Service) -> None:
    """Stop it and start it no more; raises ServiceError."""
    ask("schtasks", "/End", "/TN", service.name)
    run("schtasks", "/Delete", "/F", "/TN", service.name)


def forget() -> None:
    """Nothing: the scheduler keeps what it was told."""


def state(service: Service) -> str:
    """``active`` while the scheduler knows it; empty when not."""
    return "active" if ask("schtasks", "/Query", "/TN", service.name) else ""
