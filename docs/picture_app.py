"""Apps that pictures of plugins are taken of, written into a throw-away home: a repository, a film, a text."""

from __future__ import annotations

import os
import re
import subprocess
from pathlib import Path

HERE = Path(__file__).parent
#: The commits of the repository: branch, subject, file, what is in it.
_COMMITS = (
    ("main", "Begin the garden plan", "plan.md", "# Garden\n\nBeds: 4\n"),
    ("main", "Note what was sown in March", "sown.csv", "bed,plant,day\n1,Peas,2026-03-04\n1,Broad beans,2026-03-04\n"),
    ("tomatoes", "Give the tomatoes a bed of their own", "plan.md", "# Garden\n\nBeds: 5\n\n5: tomatoes\n"),
    ("tomatoes", "Order seed of three kinds", "orders.txt", "Matina\nRuthje\nBlack Cherry\n"),
    ("main", "Water twice a day in July", "water.md", "Morning and evening.\n"),
    ("main", "", "", ""),
    ("main", "Write down the first harvest", "harvest.csv", "day,plant,grams\n2026-06-20,Peas,840\n"),
)
_FILM = """layout 2 title="Test film"
window title="Test film" width=960 height=640 {
    video "film.mp4" id=film title="Test film" stretch=1
}
"""
_EDITOR = """layout 2 title="Watering"
window title="Watering" width=960 height=640 {
    editor file="watering.py" id=text label="Watering" stretch=1
}
"""
_PLANTS_LAYOUT = """layout 2 title="Plants"

table plants source="plants" sort="name"

window title="Plants" width=1180 height=680 {
    grid plants id=plants_view stretch=1
}
"""
_PLANTS = """create table plants (
    id integer primary key, name text not null, bed integer, sown date, is_thirsty boolean
);
insert into plants (name, bed, sown, is_thirsty) values
('Beetroot', 2, '2026-04-11', 0), ('Broad beans', 1, '2026-03-06', 1), ('Peas', 1, '2026-03-04', 0),
('Tomato Matina', 5, '2026-03-20', 1), ('Tomato Ruthje', 5, '2026-03-20', 1);
"""
_PROGRAM = '''"""When to water: what the soil holds, and what the sun takes."""

from dataclasses import dataclass

#: Litres that a square metre loses on a day, by month.
LOSS = {6: 3.2, 7: 4.1, 8: 3.8, 9: 2.0}


@dataclass
class Bed:
    """A bed, and the water in it."""

    name: str
    area: float  # square metres
    water: float = 0.0  # litres

    def dry(self, month: int, days: int = 1) -> None:
        """Let the sun shine."""
        self.water = max(self.water - LOSS.get(month, 0.8) * self.area * days, 0.0)

    def is_thirsty(self) -> bool:
        """Whether it has less than ten litres a square metre."""
        return self.water < 10 * self.area


def thirsty(beds: list[Bed]) -> list[str]:
    """The names of beds to water, the driest first."""
    return [bed.name for bed in sorted(beds, key=lambda bed: bed.water / bed.area) if bed.is_thirsty()]
'''


def repository_app(home: Path, name: str = "repository") -> Path:
    """The app that docs/plugins/git.md shows, over a small repository with a change that is not committed."""
    work = home / "garden"
    if not work.exists():
        _write_repository(work)
    layout = re.findall(r"```kdl\n(.*?)```", (HERE / "plugins" / "git.md").read_text("utf-8"), re.S)[-1]
    return _app(home / name, f'[sources.repository]\nkind = "git"\npath = "{work}"\nbranch = "*"\n', layout)


def film_app(home: Path) -> Path:
    """A film that ffmpeg draws."""
    app = _app(home / "film", "", _FILM)
    made = ["-f", "lavfi", "-i", "testsrc2=size=960x540:rate=25", "-t", "20", "-pix_fmt", "yuv420p"]
    subprocess.run(["ffmpeg", "-loglevel", "error", "-y", *made, str(app / "film.mp4")], check=True)
    return app


def editor_app(home: Path) -> Path:
    """A file of the app in an editor."""
    app = _app(home / "editor", "", _EDITOR)
    (app / "watering.py").write_text(_PROGRAM, encoding="utf-8")
    return app


def plants_app(home: Path, name: str) -> Path:
    """An app that is being written: a table and a list of it."""
    app = _app(home / name, '[sources.garden]\nkind = "sqlite"\npath = "plants.sqlite"\nschema = "schema.sql"\n',
               _PLANTS_LAYOUT)  # fmt: skip
    (app / "schema.sql").write_text(_PLANTS, encoding="utf-8")
    return app


#: What a scene's target names → who writes it. A window comes back as it was left, so that two scenes have two apps.
APPS = {"repository": repository_app, "history": lambda home: repository_app(home, "history"),
        "film": film_app, "editor": editor_app, "plants": lambda home: plants_app(home, "plants"),
        "plants2": lambda home: plants_app(home, "plants2"),
        "plants3": lambda home: plants_app(home, "plants3")}  # fmt: skip


def _app(folder: Path, sources: str, layout: str) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "app.toml").write_text(f'name = "{folder.name}"\n{sources}', encoding="utf-8")
    (folder / "main.kdl").write_text(layout, encoding="utf-8")
    return folder


def _write_repository(work: Path) -> None:
    work.mkdir(parents=True)
    person = {"GIT_AUTHOR_NAME": "Ann Weber", "GIT_AUTHOR_EMAIL": "ann@example.org", "GIT_COMMITTER_NAME": "Ann Weber",
              "GIT_COMMITTER_EMAIL": "ann@example.org", "GIT_CONFIG_GLOBAL": os.devnull}  # fmt: skip

    def git(day: int, *words: str) -> None:
        date = f"2026-03-{day + 1:02}T09:30:00+01:00"
        environ = {**os.environ, **person, "GIT_AUTHOR_DATE": date, "GIT_COMMITTER_DATE": date}
        subprocess.run(["git", "-C", str(work), *words], env=environ, check=True, capture_output=True)

    git(0, "init", "-q", "-b", "main")
    for day, (branch, subject, file, text) in enumerate(_COMMITS):
        if branch != "main" and day == 2:
            git(day, "switch", "-qc", branch)
        elif day:
            git(day, "switch", "-q", branch)
        if not subject:
            git(day, "merge", "-q", "--no-ff", "-m", "Join the tomatoes", "tomatoes")
            continue
        (work / file).write_text(text, encoding="utf-8")
        git(day, "add", "-A")
        git(day, "commit", "-qm", subject)
    sown = "bed,plant,day\n1,Peas,2026-03-04\n2,Beetroot,2026-04-11\n1,Broad beans,2026-03-06\n"
    (work / "sown.csv").write_text(sown, encoding="utf-8")
    (work / "todo.txt").write_text("Stake the beans.\n", encoding="utf-8")
