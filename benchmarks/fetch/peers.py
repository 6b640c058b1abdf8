"""The peers, each with its server on this machine: git over HTTP, rsync, uv, python-tuf, and curl with HTTP/2.

Every one of them has three measures, in ms: ``cold`` (nothing is here), ``unchanged`` and ``one_file`` (a line of one
file has changed). What prepares a measure is not in its time; what a person would have to wait for is.
"""

from __future__ import annotations

import contextlib
import shutil
import sys
import zipfile
from pathlib import Path
from typing import ClassVar

from benchmarks.fetch.ours import run
from benchmarks.fetch.tree import Tree, changed, make
from benchmarks.fetch.way import Process, Proxy, free_port, wait_for_port
from benchmarks.peer import peer_directory
from tests.served import git


class Files:
    """A peer: a server on this machine over a folder that holds the tree, which changes.

    Args:
        folder: Where everything of the peer is.
        tree: What size.
        round_trip_ms: Of the way to the server; None = straight to it.
    """

    name: ClassVar[str]
    needs: ClassVar[tuple[str, ...]]

    def __init__(self, folder: Path, tree: Tree, round_trip_ms: float | None) -> None:
        self.folder = folder
        self.tree = folder / "tree"
        self.content = make(tree)
        self.number = 0
        self.targets = 0
        self.round_trip_ms = round_trip_ms
        self.running = contextlib.ExitStack()
        self.write(self.content)

    def write(self, files: dict[str, bytes]) -> None:
        """Write files of the tree."""
        for path, data in files.items():
            place = self.tree / path
            place.parent.mkdir(parents=True, exist_ok=True)
            place.write_bytes(data)

    def change(self) -> str:
        """Change a line of one file; answers its path."""
        self.number += 1
        after = changed(self.content, self.number)
        (path,) = [path for path, data in after.items() if self.content[path] != data]
        self.content = after
        self.write({path: after[path]})
        return path

    def target(self) -> Path:
        """A place that nothing was fetched to."""
        self.targets += 1
        return self.folder / f"target{self.targets}"

    def serve(self, command: list[str | Path], port: int) -> int:
        """Start a server; answers the port that clients use."""
        self.running.enter_context(Process(command))
        wait_for_port(port)
        if self.round_trip_ms is None:
            return port
        return self.running.enter_context(Proxy(f"127.0.0.1:{port}", self.round_trip_ms)).port

    def cold(self) -> float:
        """Nothing is here; ms."""
        raise NotImplementedError

    def unchanged(self) -> float:
        """Nothing has changed; ms."""
        raise NotImplementedError

    def one_file(self) -> float:
        """A line of one file has changed; ms."""
        raise NotImplementedError

    def close(self) -> None:
        """End the servers."""
        self.running.close()


NGINX = """user root;
worker_processes 1;
daemon off;
pid {folder}/nginx.pid;
error_log {folder}/nginx.log;
events {{ worker_connections 1024; }}
http {{
    access_log off;
    types {{ text/html html; }}
    client_body_temp_path {folder}/body; proxy_temp_path {folder}/proxy; fastcgi_temp_path {folder}/fastcgi;
    uwsgi_temp_path {folder}/uwsgi; scgi_temp_path {folder}/scgi;
    server {{
        listen 127.0.0.1:{port}{tls};
        http2_max_requests 100000; keepalive_requests 100000;
        {certificate}
        root {root};
        index index.html;
        location ~ ^/git/ {{
            fastcgi_pass unix:{folder}/cgi.socket;
            include /etc/nginx/fastcgi_params;
            fastcgi_param SCRIPT_FILENAME /usr/lib/git-core/git-http-backend;
            fastcgi_param GIT_HTTP_EXPORT_ALL "1";
            fastcgi_param GIT_PROJECT_ROOT {folder}/git;
            fastcgi_param PATH_INFO $uri_git;
            fastcgi_param GIT_PROTOCOL $http_git_protocol;
        }}
    }}
    map $uri $uri_git {{ ~^/git(?<rest>/.*)$ $rest; }}
}}
"""


def nginx(files: Files, root: Path, *, is_secure: bool = False) -> int:
    """Serve ``root``, and git's repositories below ``folder/git``; answers the port."""
    port, folder = free_port(), files.folder
    certificate = ""
    if is_secure:
        key, chain = folder / "key.pem", folder / "cert.pem"
        run(["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes",
             "-keyout", key, "-out", chain, "-days", "2", "-subj", "/CN=localhost",
             "-addext", "subjectAltName=IP:127.0.0.1"])  # fmt: skip
        certificate = f"ssl_certificate {chain}; ssl_certificate_key {key};"
    text = NGINX.format(
        folder=folder, port=port, root=root, tls=" ssl http2" if is_secure else "", certificate=certificate
    )
    (folder / "nginx.conf").write_text(text)
    return files.serve(["nginx", "-c", folder / "nginx.conf", "-e", folder / "nginx.log"], port)


class GitHttp(Files):
    """``git clone`` and ``git pull`` over nginx and ``git http-backend``."""

    name = "git http"
    needs = ("git", "nginx", "fcgiwrap")

    def __init__(self, folder: Path, tree: Tree, round_trip_ms: float | None) -> None:
        super().__init__(folder, tree, round_trip_ms)
        git(self.tree, "init", "-q", "-b", "main")
        self._commit()
        git(folder, "clone", "-q", "--bare", str(self.tree), str(folder / "git" / "tree.git"))
        self.running.enter_context(Process(["fcgiwrap", "-s", f"unix:{folder}/cgi.socket"]))
        self._url = f"http://127.0.0.1:{nginx(self, folder / 'git')}/git/tree.git"
        self._here = self.target()
        run(["git", "clone", "-q", self._url, self._here])

    def _commit(self) -> None:
        git(self.tree, "add", "-A")
        git(self.tree, "commit", "-q", "-m", "Change")

    def cold(self) -> float:
        """Nothing is here; ms."""
        place = self.target()
        taken = run(["git", "clone", "-q", self._url, place])
        shutil.rmtree(place)
        return taken

    def unchanged(self) -> float:
        """Nothing has changed; ms."""
        return run(["git", "-C", self._here, "pull", "-q", "--ff-only"])

    def one_file(self) -> float:
        """A line of one file has changed; ms."""
        self.change()
        self._commit()
        git(self.tree, "push", "-q", str(self.folder / "git" / "tree.git"), "main")
        return self.unchanged()


class Rsync(Files):
    """``rsync`` and its daemon."""

    name = "rsync"
    needs = ("rsync",)

    def __init__(self, folder: Path, tree: Tree, round_trip_ms: float | None) -> None:
        super().__init__(folder, tree, round_trip_ms)
        port = free_port()
        (folder / "rsyncd.conf").write_text(f"[tree]\npath = {self.tree}\nuse chroot = false\nuid = 0\ngid = 0\n")
        command: list[str | Path] = ["rsync", "--daemon", "--no-detach", f"--config={folder}/rsyncd.conf"]
        port_used = self.serve([*command, "--address=127.0.0.1", f"--port={port}"], port)
        self._url = f"rsync://127.0.0.1:{port_used}/tree/"
        self._here = self.target()
        self.unchanged()

    def cold(self) -> float:
        """Nothing is here; ms."""
        place = self.target()
        taken = run(["rsync", "-az", self._url, place])
        shutil.rmtree(place)
        return taken

    def unchanged(self) -> float:
        """Nothing has changed; ms."""
        return run(["rsync", "-az", self._url, self._here])

    def one_file(self) -> float:
        """A line of one file has changed; ms."""
        self.change()
        return self.unchanged()


class Uv(Files):
    """``uv pip install`` of a wheel from an index."""

    name = "uv"
    needs = ("nginx",)

    def __init__(self, folder: Path, tree: Tree, round_trip_ms: float | None) -> None:
        super().__init__(folder, tree, round_trip_ms)
        self._simple = folder / "index" / "simple" / "bench"
        self._simple.mkdir(parents=True)
        self._wheel()
        self._url = f"http://127.0.0.1:{nginx(self, folder / 'index')}/simple/"
        self._uv = find_uv() or Path("uv")
        self._here = self.target()
        self._install(self._here, folder / "cache")

    def _wheel(self) -> None:
        version = f"1.{self.number}"
        name = f"bench-{version}-py3-none-any.whl"
        info = f"bench-{version}.dist-info"
        own = {
            f"{info}/METADATA": f"Metadata-Version: 2.1\nName: bench\nVersion: {version}\n",
            f"{info}/WHEEL": "Wheel-Version: 1.0\nGenerator: bench\nRoot-Is-Purelib: true\nTag: py3-none-any\n",
        }
        with zipfile.ZipFile(self._simple / name, "w", zipfile.ZIP_DEFLATED) as archive:
            for path, data in self.content.items():
                archive.writestr(f"bench/{path}", data)
            for path, text in own.items():
                archive.writestr(path, text)
            record = [f"bench/{path},," for path in self.content] + [f"{path},," for path in own]
            archive.writestr(f"{info}/RECORD", "\n".join([*record, f"{info}/RECORD,,"]))
        links = "".join(f'<a href="{wheel.name}">{wheel.name}</a>\n' for wheel in self._simple.glob("*.whl"))
        (self._simple / "index.html").write_text(f"<!DOCTYPE html><html><body>{links}</body></html>")

    def _install(self, place: Path, cache: Path) -> float:
        return run([self._uv, "pip", "install", "--quiet", "--upgrade", "--refresh", "--no-config", "--target", place,
                    "--index-url", self._url, "--cache-dir", cache, "bench"])  # fmt: skip

    def cold(self) -> float:
        """Nothing is here; ms."""
        place = self.target()
        taken = self._install(place, place.with_suffix(".cache"))
        shutil.rmtree(place)
        shutil.rmtree(place.with_suffix(".cache"))
        return taken

    def unchanged(self) -> float:
        """Nothing has changed; ms."""
        return self._install(self._here, self.folder / "cache")

    def one_file(self) -> float:
        """A line of one file has changed; ms."""
        self.change()
        self._wheel()
        return self.unchanged()


class Curl(Files):
    """``curl`` over HTTP/2 and TLS from nginx: a list of the files first, then those that are not here, in parallel."""

    name = "nginx + curl h2"
    needs = ("nginx", "curl", "openssl")

    def __init__(self, folder: Path, tree: Tree, round_trip_ms: float | None) -> None:
        super().__init__(folder, tree, round_trip_ms)
        port = nginx(self, self.tree, is_secure=True)
        self._url = f"https://127.0.0.1:{port}"
        self._list()
        self._config = folder / "urls"

    def _list(self) -> None:
        """What a client looks at first; its entity tag tells that nothing has changed."""
        (self.tree / "list").write_text("".join(f"{path} {len(data)}\n" for path, data in self.content.items()))

    def _fetch(self, paths: list[str], place: Path) -> float:
        if not paths:
            return 0.0
        lines = [f'url = "{self._url}/{path}"\noutput = "{place}/{path}"\n' for path in paths]
        self._config.write_text("".join(lines))
        return run(["curl", "--silent", "--fail", "--http2", "--parallel", "--parallel-max", "100", "--create-dirs",
                    "--cacert", self.folder / "cert.pem", "--config", self._config])  # fmt: skip

    def _ask(self) -> float:
        tag = self.folder / "tag"
        tags = ["--etag-compare", tag] if tag.exists() else []
        return run(["curl", "--silent", "--fail", "--http2", "--cacert", self.folder / "cert.pem", *tags, "--etag-save",
                    tag, "--output", self.folder / "list", f"{self._url}/list"])  # fmt: skip

    def cold(self) -> float:
        """Nothing is here; ms."""
        place = self.target()
        (self.folder / "tag").unlink(missing_ok=True)
        taken = self._ask() + self._fetch(list(self.content), place)
        shutil.rmtree(place)
        return taken

    def unchanged(self) -> float:
        """Nothing has changed; ms."""
        return self._ask()

    def one_file(self) -> float:
        """A line of one file has changed; ms."""
        path = self.change()
        self._list()
        return self._ask() + self._fetch([path], self.folder / "here")


def find_uv() -> Path | None:
    """Where uv is: among the peers, beside this Python or on the path."""
    on_path = shutil.which("uv")
    places = [
        peer_directory() / "bin" / "uv",
        Path(sys.executable).with_name("uv"),
        *([Path(on_path)] if on_path else []),
    ]
    return next((place for place in places if place.exists()), None)


def missing(peer: type[Files]) -> list[str]:
    """The programs that a peer needs and that are not here."""
    lacking = [program for program in peer.needs if shutil.which(program) is None]
    return [*lacking, "uv"] if peer is Uv and find_uv() is None else lacking
