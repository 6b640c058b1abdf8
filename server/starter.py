"""The starter apps that ship with Espalier, and how they get into a repository.

A starter app that a person has edited is theirs: an update commits only over the text that was shipped before.
"""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

from layouts.app_folder import app_files
from server.error import RepositoryError
from server.repository import Repository, create_repository, is_repository

#: Note in the git directory: starter app → hash of the files as they were last committed from here.
NOTE = "starter.json"


def starter_files() -> dict[str, dict[str, bytes]]:
    """Starter app → path within the app → content, as shipped."""
    import resources

    root = Path(resources.__path__[0]) / "apps"
    return {folder.name: app_files(folder) for folder in sorted(root.iterdir()) if (folder / "app.toml").is_file()}


def create_with_starters(path: Path) -> tuple[Repository, list[str]]:
    """A new bare repository with the starter apps committed, and their names."""
    repository = create_repository(path)
    return repository, update_starters(repository)


def update_starters(repository: Repository) -> list[str]:
    """Commit the starter apps that are missing or were shipped in an older form; answers their names.

    An app that was deleted or edited since stays as the person left it.
    """
    note_path = repository.git_dir / "espalier" / NOTE
    note: dict[str, str] = json.loads(note_path.read_text()) if note_path.is_file() else {}
    before = dict(note)
    head = repository.head()
    trees = repository.apps(head) if head else {}
    changed: list[str] = []
    files: dict[str, bytes] = {}
    for app, shipped in starter_files().items():
        fingerprint = _fingerprint(shipped)
        if note.get(app) == fingerprint:
            continue
        if app in note or app in trees:
            files_now = repository.files(app, trees[app]) if app in trees else []
            now = _fingerprint({file.path: repository.read(file.oid) for file in files_now})
            if now not in (note.get(app), fingerprint):
                continue
            if now == fingerprint:  # committed before, but the note was lost
                note[app] = fingerprint
                continue
        note[app] = fingerprint
        changed.append(app)
        files |= {f"apps/{app}/{path}": content for path, content in shipped.items()}
    if changed:
        repository.commit_files(files, f"{'Update' if head else 'Add'} the starter apps {', '.join(changed)}")
    if note != before:
        note_path.parent.mkdir(exist_ok=True)
        fresh = note_path.with_suffix(".new")
        fresh.write_text(json.dumps(note, indent=1, sort_keys=True))
        fresh.replace(note_path)
    return changed


def init_folder(path: Path) -> Repository:
    """Make a plain folder a repository whose first commit holds its apps.

    Raises:
        RepositoryError: there is no ``apps/NAME/app.toml`` in it.
    """
    apps = [folder for folder in sorted((path / "apps").glob("*")) if (folder / "app.toml").is_file()]
    if not apps:
        raise RepositoryError(f"{path} holds no apps", hint="put each app into apps/NAME with its app.toml")
    repository = create_repository(path, is_bare=False)
    files = {f"apps/{app.name}/{name}": content for app in apps for name, content in app_files(app).items()}
    repository.commit_files(files, "Add the apps " + ", ".join(app.name for app in apps))
    return repository


def open_or_create(path: Path, *, init: bool = False) -> tuple[Repository, str]:
    """The repository at ``path`` and a sentence about what was made, empty when it was there.

    Raises:
        RepositoryError: ``path`` is a file, or a folder that is no repository and ``init`` was not asked for.
    """
    if path.exists() and not path.is_dir():
        raise RepositoryError(f"{path} is a file", hint="name the directory of a git repository")
    if path.is_dir() and is_repository(path):
        return Repository(path), ""
    if not path.exists() or not any(path.iterdir()):
        repository, apps = create_with_starters(path)
        return repository, f"Created the repository {path} with the starter apps {', '.join(apps)}"
    if not init:
        raise RepositoryError(f"{path} is no git repository", hint="--init makes it one that holds its apps")
    return init_folder(path), f"Made {path} a git repository and committed its apps"


def _fingerprint(files: dict[str, bytes]) -> str:
    digest = hashlib.sha256()
    for path, content in sorted(files.items()):
        digest.update(f"{path}\0{len(content)}\0".encode() + content)
    return digest.hexdigest()
