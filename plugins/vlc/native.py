"""One media player of libvlc's and what it plays; it may outlive the widget that shows it, and is let go of once."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from plugins.vlc.engine import vlc_instance, vlc_module
from plugins.vlc.frames import Frames
from plugins.vlc.medium import medium_of
from plugins.vlc.stream import Streams


class NativePlayer:
    """A ``libvlc_media_player`` with its pictures.

    Attributes:
        vlc: The :class:`vlc.MediaPlayer`.
        medium: What it plays, None for nothing.
        frames: The pictures.
        streams: What the medium consists of.

    Args:
        arrived: Called on VLC's thread after a picture.

    Raises:
        EspalierError: libvlc is missing.
    """

    def __init__(self, arrived: Callable[[], None]) -> None:
        self.module, self._instance = vlc_module(), vlc_instance()
        self.vlc = self._instance.media_player_new()
        self.medium: Any = None
        self._holder: Any = None
        self._is_gone, self._shown_before = False, 0
        self.streams = Streams(self.module)
        self.frames = Frames(self.module, arrived, self.streams.shape)
        self.frames.attach(self.vlc, self.module)

    def open(self, source: Any, read_file: Any) -> None:
        """Take another medium.

        Raises:
            EspalierError: see :func:`plugins.vlc.medium.medium_of`.
        """
        self.close()
        self.medium, self._holder = medium_of(self._instance, self.module, source, read_file)
        self.streams.medium = self.medium
        self._shown_before = self.frames.count
        self.vlc.set_media(self.medium)

    def close(self) -> None:
        """Stop, and let go of the medium."""
        self.vlc.stop()
        self.vlc.set_media(None)
        self.streams.medium = None
        if self.medium is not None:
            self.medium.release()
        self.medium = self._holder = None
        self.frames.clear()
        self.frames.is_too_large = False

    def is_blind(self) -> bool:
        """Whether this is a picture without sound of which nothing was shown."""
        is_silent = self.streams.shape() is not None and not self.streams.has_sound()
        return is_silent and self.frames.count == self._shown_before

    def lost_pictures(self) -> int:
        """Pictures that came too late to be shown, of this medium."""
        if self.medium is None:
            return 0
        statistics = self.module.MediaStats()
        self.medium.get_stats(statistics)
        return statistics.lost_pictures

    def dispose(self) -> None:
        """Let go of everything; again it does nothing."""
        if not self._is_gone:
            self._is_gone = True
            self.close()
            player, self.vlc = self.vlc, _Gone()
            player.release()
            self.frames.let_go()


class _Gone:
    """Stands in the place of a player that was let go of, for a timer or a key that comes later: nothing happens."""

    def __getattr__(self, _name: str) -> Callable[..., int]:
        return lambda *_: 0
