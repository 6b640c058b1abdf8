"""Writes a small PNG: 256 of a picture's colours as its palette, every other one as the nearest of these."""

from __future__ import annotations

from pathlib import Path

import numpy
from PySide6.QtGui import QImage

PALETTE_SIZE = 256
#: Of these, the commonest colours that are taken whatever they are.
COMMONEST = 96


def write_small(image: QImage, path: Path) -> int:
    """Write the image with at most 256 colours; answers the file's size in bytes.

    Raises:
        OSError: the file cannot be written.
    """
    full = image.convertToFormat(QImage.Format.Format_RGB32)
    height, width = full.height(), full.width()
    pixels = numpy.frombuffer(full.constBits(), numpy.uint32).reshape(height, full.bytesPerLine() // 4)[:, :width]
    colors, places, counts = numpy.unique(pixels, return_inverse=True, return_counts=True)
    palette = _choose(colors, counts)
    nearest = _nearest(colors, palette)
    indexed = numpy.zeros((height, (width + 3) // 4 * 4), numpy.uint8)
    indexed[:, :width] = nearest[places].reshape(height, width)
    content = indexed.tobytes()
    # NOTE: the image reads from ``content`` without a copy, so the name must live as long as it.
    small = QImage(content, width, height, indexed.shape[1], QImage.Format.Format_Indexed8)
    small.setColorTable([int(color) for color in palette])
    # Quality 0 is zlib's strongest compression.
    if not small.save(str(path), "PNG", 0):
        raise OSError(f"{path} cannot be written")
    return path.stat().st_size


def _choose(colors: numpy.ndarray, counts: numpy.ndarray) -> numpy.ndarray:
    """The commonest colours, then again and again the one whose pixels are furthest from all that were taken."""
    order = numpy.argsort(-counts, kind="stable")
    taken = list(order[:COMMONEST])
    channels, weights = _channels(colors), numpy.sqrt(counts)
    distances = numpy.min([((channels - channels[at]) ** 2).sum(axis=1) for at in taken], axis=0)
    while len(taken) < min(PALETTE_SIZE, len(colors)):
        furthest = int(numpy.argmax(distances * weights))
        taken.append(furthest)
        distances = numpy.minimum(distances, ((channels - channels[furthest]) ** 2).sum(axis=1))
    return colors[taken]


def _nearest(colors: numpy.ndarray, palette: numpy.ndarray) -> numpy.ndarray:
    """For each colour the index of the palette's nearest one."""
    parts = _channels(palette)
    found = [numpy.argmin(((parts - color) ** 2).sum(axis=1)) for color in _channels(colors)]
    return numpy.array(found, numpy.uint8)


def _channels(colors: numpy.ndarray) -> numpy.ndarray:
    return numpy.stack([(colors >> shift) & 255 for shift in (16, 8, 0)], axis=1).astype(numpy.int32)
