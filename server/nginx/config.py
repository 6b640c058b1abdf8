"""nginx's configuration, written anew at every start from what is here."""

from __future__ import annotations

import os
from pathlib import Path
from typing import NamedTuple

#: Where packages put nginx's module for connections, which is built in elsewhere.
_MODULES = (
    Path("/usr/lib/nginx/modules/ngx_stream_module.so"),
    Path("/usr/lib64/nginx/modules/ngx_stream_module.so"),
    Path("/usr/local/lib/nginx/modules/ngx_stream_module.so"),
)
#: Connections of one of nginx's processes.
CONNECTIONS = 8_192
#: Path in addresses → what is there.
STATIC = "static"

_TEXT = """\
# Written by Espalier's server at every start: changes are lost.
{module}{user}worker_processes auto;
worker_rlimit_nofile {files};
daemon off;
pid {folder}/nginx.pid;
error_log {folder}/error.log warn;
events {{ worker_connections {connections}; }}

stream {{
    upstream web {{ server unix:{folder}/web.sock; }}
    upstream tls {{ server unix:{folder}/tls.sock; }}
    upstream plain {{ server unix:{folder}/{plain}.sock; }}
    map "$ssl_preread_protocol $ssl_preread_alpn_protocols" $door {{
        "~^TLS\\S* (\\S*,)?(h2|http/1\\.1)(,|$)" web;
        "~^TLS" tls;
        default plain;
    }}
    server {{
        listen {listen} backlog=1024 so_keepalive=60s:10s:3;
        ssl_preread on;
        preread_timeout 60s;
        proxy_protocol on;
        proxy_connect_timeout 10s;
        proxy_timeout 365d;
        proxy_pass $door;
    }}
}}

http {{
    access_log off;
    server_tokens off;
    default_type application/octet-stream;
    sendfile on;
    tcp_nopush on;
    keepalive_requests 1000000;
    # Files never change, and their time and size would not tell if they did.
    etag off;
    if_modified_since off;
    open_file_cache max=20000 inactive=10m;
    open_file_cache_valid 10m;
    client_max_body_size {push};
    client_body_temp_path {folder}/temporary/body;
    proxy_temp_path {folder}/temporary/proxy;
    fastcgi_temp_path {folder}/temporary/fastcgi;
    uwsgi_temp_path {folder}/temporary/uwsgi;
    scgi_temp_path {folder}/temporary/scgi;
    ssl_certificate {certificate};
    ssl_certificate_key {certificate};
    ssl_protocols TLSv1.3;
    ssl_session_tickets off;

    server {{
        listen unix:{folder}/web.sock ssl http2 proxy_protocol;
{locations}
    }}
{web}}}
"""
_LOCATIONS = """\
        location ^~ /{static}/ {{
            alias {folder}/{static}/;
            limit_except GET {{ deny all; }}
            disable_symlinks on from={folder}/{static}/;
            add_header Cache-Control "public, max-age=31536000, immutable";
        }}
        location / {{
            proxy_pass http://unix:{folder}/http.sock:;
            proxy_http_version 1.1;
            proxy_request_buffering off;
            proxy_buffering off;
            proxy_read_timeout 900s;
            proxy_send_timeout 900s;
            proxy_set_header Host $host;
            proxy_set_header X-Real-IP {client};
            proxy_set_header X-Forwarded-For "";
            proxy_set_header Connection close;
        }}"""
_WEB = """\
    server {{
        listen {listen} ssl http2 backlog=1024;
{locations}
    }}
"""


class Front(NamedTuple):
    """What nginx is to be.

    Attributes:
        folder: The server's own one for it.
        host, port: Where it listens for everything.
        certificate: A file with certificate and private key.
        is_plain: Whether clients without TLS are passed on too; for addresses of this machine alone.
        max_push: Bytes of one push.
        web_port: A port for the web alone; 0 = none.
    """

    folder: Path
    host: str
    port: int
    certificate: Path
    is_plain: bool
    max_push: int
    web_port: int = 0

    @property
    def static(self) -> Path:
        """The folder whose files are served as they are."""
        return self.folder / STATIC

    def socket(self, name: str) -> str:
        """The path of one of the sockets between nginx and the server: ``tls``, ``plain``, ``http``."""
        return str(self.folder / f"{name}.sock")


def text_of(front: Front, *, has_module: bool = False) -> str:
    """The configuration.

    Args:
        front: What is wanted.
        has_module: Whether nginx has the module for connections built in.
    """
    folder = str(front.folder)
    module = "" if has_module else next((f"load_module {path};\n" for path in _MODULES if path.exists()), "")
    web = ""
    if front.web_port:
        locations = _LOCATIONS.format(folder=folder, static=STATIC, client="$remote_addr")
        web = _WEB.format(listen=_listen(front.host, front.web_port), locations=locations)
    return _TEXT.format(
        module=module,
        user="user root;\n" if os.geteuid() == 0 else "",
        files=2 * CONNECTIONS + 1_024,
        folder=folder,
        connections=CONNECTIONS,
        plain="plain" if front.is_plain else "tls",
        listen=_listen(front.host, front.port),
        push=front.max_push,
        certificate=front.certificate,
        locations=_LOCATIONS.format(folder=folder, static=STATIC, client="$proxy_protocol_addr"),
        web=web,
    )


def _listen(host: str, port: int) -> str:
    return f"[{host.strip('[]')}]:{port}" if ":" in host else f"{host}:{port}"
