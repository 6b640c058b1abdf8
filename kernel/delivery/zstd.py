"""One zstd frame, packed and unpacked within bounds. Imported when something new has come, never by a warm start."""

from __future__ import annotations

from typing import Any

import zstandard

from kernel.wire.error import FrameError

_MAGIC = b"\x28\xb5\x2f\xfd"
#: The largest window of a frame that is not held by its content's size.
MAX_WINDOW = 8 << 20
#: Bytes that are unpacked at once; more goes through a counter, so that nothing is allocated on a frame's word.
AT_ONCE = 4 << 20
_LEVEL = 3
#: Bytes from which on a former version is looked through by a larger table.
_FAR = 512 << 10


def inflate(data: bytes, size: int, over: bytes = b"", *, is_exact: bool = True) -> bytes:
    """The content of a frame.

    Args:
        data: One frame, whole, with its size and a checksum, and nothing behind it.
        size: Bytes that the content must have; the most that it may have when not ``is_exact``.
        over: What the frame refers back to: a dictionary, or a file's former bytes.

    Raises:
        FrameError: the frame is anything else. Nothing is unpacked when that can be told from its head.
    """
    content = _checked_size(data, size, is_exact)
    made = zstandard.ZstdDecompressor(dict_data=_raw(over), max_window_size=max(MAX_WINDOW, content))
    try:
        opened = made.decompress(data, allow_extra_data=False) if content <= AT_ONCE else _streamed(made, data, content)
    except zstandard.ZstdError as error:
        raise FrameError(f"compressed bytes are damaged: {error}") from error
    if len(opened) != content:
        raise FrameError(f"compressed bytes hold {len(opened)} bytes and say {content}")
    return opened


def deflate(data: bytes, over: bytes = b"", level: int = _LEVEL) -> bytes:
    """``data`` as one frame with its size and a checksum, over what both ends have."""
    if not over:
        return zstandard.ZstdCompressor(level=level, write_checksum=True, write_content_size=True).compress(data)
    window = max(17, min(27, (len(data) + len(over)).bit_length()))
    options: dict[str, Any] = {"window_log": window, "write_checksum": True, "write_content_size": True}
    if len(over) > _FAR:  # otherwise most of what is far back is not found again
        options |= {"strategy": zstandard.STRATEGY_FAST, "hash_log": min(window, 23), "min_match": 7}
    made = zstandard.ZstdCompressionParameters.from_level(level, **options)
    return zstandard.ZstdCompressor(dict_data=_raw(over), compression_params=made).compress(data)


def _raw(over: bytes) -> zstandard.ZstdCompressionDict | None:
    return zstandard.ZstdCompressionDict(over, dict_type=zstandard.DICT_TYPE_RAWCONTENT) if over else None


def _checked_size(data: bytes, size: int, is_exact: bool) -> int:
    """What the frame says its content has."""
    if not data.startswith(_MAGIC):
        raise FrameError("compressed bytes begin as no zstd frame does")
    try:
        says = zstandard.get_frame_parameters(data)
    except zstandard.ZstdError as error:
        raise FrameError(f"compressed bytes are damaged: {error}") from error
    if says.content_size == zstandard.CONTENTSIZE_UNKNOWN:
        raise FrameError("compressed bytes do not say how much they hold")
    if says.content_size > size or (is_exact and says.content_size != size):
        raise FrameError(f"compressed bytes say they hold {says.content_size} bytes, {size} were expected")
    if not says.has_checksum:
        raise FrameError("compressed bytes have no checksum")
    if says.window_size > max(MAX_WINDOW, says.content_size):
        raise FrameError(f"compressed bytes need a window of {says.window_size} bytes")
    return int(says.content_size)


def _streamed(made: zstandard.ZstdDecompressor, data: bytes, content: int) -> bytes:
    """Unpack a large frame piece by piece, ending with the first byte too many."""
    opened = bytearray()
    unpacker = made.decompressobj()
    for start in range(0, len(data), 1 << 17):
        if unpacker.eof:
            raise FrameError("compressed bytes go on behind their end")
        opened += unpacker.decompress(data[start : start + (1 << 17)])
        if len(opened) > content:
            raise FrameError(f"compressed bytes hold more than the {content} bytes that they say")
    if not unpacker.eof or unpacker.unused_data:
        raise FrameError("compressed bytes are not one whole frame")
    return bytes(opened)
