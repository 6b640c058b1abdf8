"""Whether an Arrow stream is compressed, told from its messages: nanoarrow would take such bytes for values.

Layout: https://arrow.apache.org/docs/format/Columnar.html#ipc-streaming-format and the flatbuffers that it names.
"""

from __future__ import annotations

import struct
from typing import BinaryIO

_SCHEMA, _DICTIONARY, _BATCH = 1, 2, 3
#: Places of fields in the tables Message, DictionaryBatch and RecordBatch.
_KIND, _HEADER, _BODY, _DATA, _COMPRESSION = 1, 2, 3, 1, 3
#: The longest description of a message that is believed, bytes.
_MOST = 64 << 20


def is_compressed(file: BinaryIO) -> bool:
    """Whether the first rows of a stream are compressed; read from where ``file`` stands.

    Raises:
        ValueError: it is no Arrow stream.
    """
    while True:
        head = file.read(8)
        if len(head) < 8:
            return False
        mark, length = struct.unpack("<Ii", head)
        if mark != 0xFFFFFFFF:
            file.seek(-4, 1)  # files of the first versions have no mark
            length = struct.unpack_from("<i", head)[0]
        if length == 0:
            return False
        if not 0 < length < _MOST:
            raise ValueError("a message of it has no sensible length")
        message = file.read(length)
        try:
            found = _compression(message)
            if found is not None:
                return found
            body = _field(message, _root(message), _BODY)
            file.seek(struct.unpack_from("<q", message, body)[0] if body else 0, 1)
        except struct.error:
            raise ValueError("a message of it is cut off") from None


def _compression(message: bytes) -> bool | None:
    """Whether a message's rows are compressed, None when it has none."""
    root = _root(message)
    kind, header = _field(message, root, _KIND), _field(message, root, _HEADER)
    if not kind or not header or message[kind] == _SCHEMA:
        return None
    table = _target(message, header)
    if message[kind] == _DICTIONARY:
        data = _field(message, table, _DATA)
        table = _target(message, data) if data else table
    elif message[kind] != _BATCH:
        return None
    return bool(_field(message, table, _COMPRESSION))


def _root(message: bytes) -> int:
    return struct.unpack_from("<I", message)[0]


def _target(message: bytes, place: int) -> int:
    return place + struct.unpack_from("<I", message, place)[0]


def _field(message: bytes, table: int, number: int) -> int:
    """The place of a table's field, 0 when it is left out."""
    fields = table - struct.unpack_from("<i", message, table)[0]
    if 4 + number * 2 >= struct.unpack_from("<H", message, fields)[0]:
        return 0
    offset = struct.unpack_from("<H", message, fields + 4 + number * 2)[0]
    return table + offset if offset else 0
