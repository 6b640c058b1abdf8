"""A player: what plays, and its state as Qt's signals tell it on the GUI thread."""

from __future__ import annotations

from typing import Any, NamedTuple

from PySide6.QtCore import QObject, QTimer, Signal

from plugins.api import EspalierError, listener, say
from plugins.vlc.native import NativePlayer
from plugins.vlc.players import STATES

#: Milliseconds between two looks while something plays.
_LOOK_MS = 100
#: Per cent.
LOUDEST = 125
#: How fast it may be played.
SLOWEST, FASTEST = 0.25, 4.0


class Track(NamedTuple):
    """An audio track or subtitles; ``id`` is libvlc's, -1 for none."""

    id: int
    name: str


class Player(QObject):
    """Plays one medium at a time.

    Attributes:
        state: One of :data:`plugins.vlc.players.STATES`.
        time, length: Milliseconds; length is 0 while it is not known.
        volume: Per cent; kept while nothing plays.
        error: Why nothing plays, empty when all is well.
        frames: The pictures.

    Raises:
        EspalierError: libvlc is missing.
    """

    #: State, time, length, volume, rate or tracks are others.
    changed = Signal()
    #: There is a new picture.
    pictured = Signal()
    ended = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.native = NativePlayer(listener(self._take_picture))
        self.frames = self.native.frames
        self.state, self.error = "empty", ""
        self.time = self.length = 0
        self.volume, self.is_muted, self.rate = 100, False, 1.0
        self._look = QTimer(self, interval=_LOOK_MS)
        self._look.timeout.connect(self.look)

    @property
    def is_open(self) -> bool:
        """Whether there is something to play."""
        return self.native.medium is not None

    @property
    def is_playing(self) -> bool:
        """Whether it plays, or is about to."""
        return self.state in ("opening", "buffering", "playing")

    def open(self, source: Any, read_file: Any, *, is_playing: bool = False) -> None:
        """Take another medium; empty takes none. What cannot be played is told in ``error``."""
        self._look.stop()
        self.time = self.length = 0
        try:
            if source in (None, "", b""):
                self.native.close()
                self._set("empty", "")
                return
            self.native.open(source, read_file)
        except EspalierError as error:
            self._set("error", str(error))
            return
        self._set("stopped", "")
        if is_playing:
            self.play()

    def play(self) -> None:
        """Play, from the beginning after the end."""
        if self.native.medium is None:
            return
        if self.state in ("ended", "error"):
            self.native.vlc.stop()
            self.native.vlc.set_media(self.native.medium)
        if self.native.vlc.play() < 0:
            self._set("error", say("this cannot be played"))
            return
        self._set("opening", "")
        self._look.start()

    def pause(self) -> None:
        """Stop for now; the picture stays."""
        self.native.vlc.set_pause(1)
        self.look()

    def toggle(self) -> None:
        """Play or pause."""
        if self.is_playing:
            self.pause()
        else:
            self.play()

    def stop(self) -> None:
        """Go back to the beginning and wait."""
        self.native.vlc.stop()
        self.frames.clear()
        self.look()
        self.pictured.emit()

    def seek(self, time: int) -> None:
        """Go to a place, in milliseconds from the beginning."""
        if self.length:
            self.native.vlc.set_time(max(0, min(int(time), max(self.length - 1, 0))))
            if self.state == "paused" and self.frames.count:
                self.native.vlc.next_frame()  # else the picture of the place before stays
            self.time = self.native.vlc.get_time()
            self.changed.emit()

    def set_volume(self, volume: int) -> None:
        """Per cent, from 0 to 125."""
        self.volume = max(0, min(int(volume), LOUDEST))
        self.native.vlc.audio_set_volume(self.volume)
        self.changed.emit()

    def set_muted(self, is_muted: bool) -> None:
        """Be silent, and loud again."""
        self.is_muted = bool(is_muted)
        self.native.vlc.audio_set_mute(self.is_muted)
        self.changed.emit()

    def set_rate(self, rate: float) -> None:
        """1 is as it was recorded."""
        self.rate = max(SLOWEST, min(float(rate), FASTEST))
        self.native.vlc.set_rate(self.rate)
        self.changed.emit()

    def audio_tracks(self) -> list[Track]:
        """The audio tracks; none before it plays."""
        return _tracks(self.native.vlc.audio_get_track_description())

    def subtitles(self) -> list[Track]:
        """The subtitles; none before it plays."""
        return _tracks(self.native.vlc.video_get_spu_description())

    def audio_track(self) -> int:
        """The track that is heard."""
        return self.native.vlc.audio_get_track()

    def subtitle(self) -> int:
        """The subtitles that are shown, -1 for none."""
        return self.native.vlc.video_get_spu()

    def set_audio_track(self, track: int) -> None:
        """Hear another track."""
        self.native.vlc.audio_set_track(track)
        self.changed.emit()

    def set_subtitle(self, track: int) -> None:
        """Show other subtitles, -1 for none."""
        self.native.vlc.video_set_spu(track)
        self.changed.emit()

    def next_frame(self) -> None:
        """Pause, and show the next picture."""
        self.native.vlc.next_frame()
        self.look()

    def look(self) -> None:
        """Read libvlc's state; whoever follows is told when it is another."""
        state = STATES[int(self.native.vlc.get_state().value)] if self.native.medium is not None else "empty"
        time, length = max(self.native.vlc.get_time(), 0), max(self.native.vlc.get_length(), 0)
        if (state, time, length) == (self.state, self.time, self.length):
            return
        was, self.state = self.state, state
        self.time, self.length = (length if state == "ended" else time), length
        is_blind = state == "ended" and self.native.is_blind()
        if state == "ended" and (is_blind or not self.native.streams.has_any()):
            state = self.state = "error"
        if state == "error":
            self.error = say("this is no medium that VLC can play, or it is damaged")
            self.time = 0
        if is_blind or self.frames.is_too_large:
            self.error = say("the picture is larger than can be shown, or damaged")
        if not self.is_playing:
            self._look.stop()
        elif was != "playing" and state == "playing":
            # NOTE: libvlc has no audio output before it plays, and forgets what was set.
            self.native.vlc.audio_set_volume(self.volume)
            self.native.vlc.audio_set_mute(self.is_muted)
        self.changed.emit()
        if state == "ended" and was != "ended":
            self.ended.emit()

    def _set(self, state: str, error: str) -> None:
        self.state, self.error = state, error
        self.changed.emit()

    def _take_picture(self) -> None:
        self.frames.is_told = False
        self.pictured.emit()


def _tracks(described: Any) -> list[Track]:
    return [Track(number, (name or b"").decode("utf-8", "replace")) for number, name in described or ()]
