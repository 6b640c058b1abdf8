"""Files of releases by nginx in front of a real server, beside nginx alone over the same folder; the storm behind it.

Both speak TLS 1.3 with the same key and are asked by ``h2load`` over 64 connections that stay open.
"""

from __future__ import annotations

import re
import shutil
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from benchmarks.result import Result, interleave
from benchmarks.storm.measure import CLIENTS, MEMORY_MB, SERVED_MS, Place, Storm, _storm
from tests.served import free_port
from tests.waiting import wait_for

CONNECTIONS, REQUESTS, ROUNDS = 64, 10_000, 5
#: The least of nginx's rate that is left with the server behind it; and through the port that frames come by too,
#: where a connection is passed on once more within nginx.
OWN, ONE_PORT = 0.9, 0.3
_PEER = """\
daemon off;
user root;
worker_processes auto;
worker_rlimit_nofile 17408;
pid {folder}/nginx.pid;
error_log {folder}/error.log;
events {{ worker_connections 8192; }}
http {{
    access_log off;
    sendfile on;
    tcp_nopush on;
    keepalive_requests 1000000;
    default_type application/octet-stream;
    client_body_temp_path {folder}/body;
    proxy_temp_path {folder}/proxy;
    fastcgi_temp_path {folder}/fastcgi;
    uwsgi_temp_path {folder}/uwsgi;
    scgi_temp_path {folder}/scgi;
    ssl_certificate {certificate};
    ssl_certificate_key {certificate};
    ssl_protocols TLSv1.3;
    server {{
        listen 127.0.0.1:{port} ssl http2;
        location /static/ {{ alias {static}/; }}
    }}
}}
"""


def measure() -> list[Result]:
    """The figures."""
    import uvloop

    missing = [name for name in ("nginx", "h2load") if shutil.which(name) is None]
    if missing:
        return [Result("nginx", "/s", None, None, OWN, False, "nginx", f"{', '.join(missing)} missing")]
    with tempfile.TemporaryDirectory(prefix="espalier-nginx-") as name:
        folder, web_port = Path(name), free_port()
        place = Place(folder, "--nginx", "--web-port", str(web_port))
        try:
            rates = _rates(place, folder, web_port)
            behind = [uvloop.run(_storm(place, is_cold=is_cold)) for is_cold in (False, True)]
        finally:
            place.server.stop()
    with tempfile.TemporaryDirectory(prefix="espalier-storm-") as name:
        place = Place(Path(name))
        try:
            alone = [uvloop.run(_storm(place, is_cold=is_cold)) for is_cold in (False, True)]
        finally:
            place.server.stop()
    return [
        Result("files, its own port", "/s", rates["web"], rates["nginx"], OWN, False, "nginx"),
        Result("files, the one port", "/s", rates["one"], rates["nginx"], ONE_PORT, False, "nginx"),
        *_storms("a change", behind[0], alone[0]),
        *_storms("all of it", behind[1], alone[1]),
    ]


def _storms(name: str, behind: Storm, alone: Storm) -> list[Result]:
    found = []
    for way, storm in (("behind", behind), ("alone", alone)):
        problem = "" if storm.served == CLIENTS else f"{CLIENTS - storm.served} were not served"
        p99 = sorted(storm.times)[len(storm.times) * 99 // 100]
        found += [
            Result(f"{name}, {way}, p99", "ms", p99, None, SERVED_MS, True, problem=problem),
            Result(f"{name}, {way}, server", "MB", storm.memory, None, MEMORY_MB, True),
        ]
    return found


def _rates(place: Place, folder: Path, web_port: int) -> dict[str, float]:
    """Requests a second for a file of middle size, in the server's own folder, each way in turn."""
    static = place.bare.absolute() / "espalier" / "nginx" / "static"
    wait_for(lambda: list(static.rglob("*.pack")))
    files = sorted(static.rglob("*.zst"), key=lambda path: path.stat().st_size)
    path = f"/static/{files[len(files) // 2].relative_to(static).as_posix()}"
    port = int(place.server.address.rpartition(":")[2])
    with _alone(folder / "peer", static, place.bare.absolute() / "espalier" / "tls.pem") as peer:
        ways = {"nginx": peer, "web": web_port, "one": port}
        return interleave(ROUNDS, {name: lambda at=at: _rate(at, path) for name, at in ways.items()})  # type: ignore[misc]


@contextmanager
def _alone(folder: Path, static: Path, certificate: Path) -> Iterator[int]:
    """nginx with nothing behind it; answers its port."""
    folder.mkdir()
    port = free_port()
    config = folder / "nginx.conf"
    config.write_text(_PEER.format(folder=folder, static=static, certificate=certificate, port=port))
    process = subprocess.Popen(["nginx", "-c", config, "-e", folder / "error.log"])
    try:
        wait_for(lambda: (folder / "nginx.pid").exists())
        time.sleep(0.2)
        yield port
    finally:
        process.terminate()
        process.wait()


def _rate(port: int, path: str) -> float:
    command = ["h2load", "--h1", "-t1", f"-c{CONNECTIONS}", f"-n{REQUESTS}", f"https://127.0.0.1:{port}{path}"]
    told = subprocess.run(command, capture_output=True, text=True, timeout=120).stdout
    done, rate = re.search(r"status codes: (\d+) 2xx", told), re.search(r"([\d.]+) req/s", told)
    if done is None or rate is None or int(done.group(1)) != REQUESTS:
        raise RuntimeError(f"not every request was answered: {told[-300:]}")
    return float(rate.group(1))
