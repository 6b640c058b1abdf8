"""The kinds ``video`` and ``audio``: a player with its controls, bound to an address, a file or a blob."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from PySide6.QtCore import QStandardPaths, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget

from plugins.api import Context, Node, StateView, option, say
from plugins.vlc.controls import Controls
from plugins.vlc.player import Player
from plugins.vlc.players import Players
from plugins.vlc.playlist import Playlist
from plugins.vlc.surface import Surface

#: Milliseconds that an arrow key seeks, alone and with Shift; per cent that it changes the volume by.
SEEK_MS, FAR_MS, LOUDER = 5_000, 60_000, 5


class MediaView(QWidget):
    """A medium and its controls.

    Attributes:
        player: What plays it.
        title: What it is called.
    """

    has_picture = True
    played = Signal()
    paused = Signal()
    ended = Signal()

    def __init__(self, node: Node, context: Context, parent: QWidget | None) -> None:
        super().__init__(parent)
        self._context, self.title, self._source = context, "", None
        self._is_autoplaying = False
        self._window: QWidget | None = None
        self._state = "empty"
        self.player = Player(self)
        self.player.set_volume(int(option("vlc.volume")))
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        self.surface: Surface | None = None
        if self.has_picture:
            self.surface = Surface(self.player, context.theme, self)
            self.surface.clicked.connect(self._clicked)
            self.surface.double_clicked.connect(self.toggle_full)
            column.addWidget(self.surface, 1)
        self._note = StateView(self, context.theme)
        self._note.retry.connect(self._retry)
        self._note.hide()
        column.addWidget(self._note, 1)
        self.controls = Controls(self.player, context.theme, self, has_picture=self.has_picture)
        self.controls.snapshot_wanted.connect(self.save_picture)
        self.controls.full_wanted.connect(self.toggle_full)
        column.addWidget(self.controls)
        self.player.changed.connect(self._follow)
        self.player.ended.connect(self._end)
        self.playlist = Playlist(node, context, self) if node.get("playlist") else None
        if self.playlist is not None:
            self.playlist.chosen.connect(self._take_chosen)
        # NOTE: the widget is half gone when `destroyed` is told: libvlc is let go of by what stands apart.
        leave, dispose = Players.of_process().add(self, node.id or ""), self.player.native.dispose
        self._end_all = lambda: (leave(), dispose())
        self.destroyed.connect(lambda *_, end=self._end_all: end())
        self._follow()

    def let_go(self) -> None:
        """Stop, and leave the table of players; called by the builder."""
        self._end_all()

    # -- properties -----------------------------------------------------------------------------------------------

    def focus_ring(self, focus: QWidget) -> QWidget | None:
        """Neither a picture nor what stands for a sound shows that it has the focus."""
        return self if focus is self else None

    def set_url(self, url: str) -> None:
        """An address, or the path of a file of the app or of this machine."""
        self._take(url or None)

    def set_data(self, data: Any) -> None:
        """What a column holds: bytes, an address or a path; None for nothing."""
        self._take(data)

    def set_autoplay(self, is_autoplaying: bool) -> None:
        """Whether another medium plays at once."""
        self._is_autoplaying = bool(is_autoplaying)
        if self._is_autoplaying and self.player.state == "stopped":
            self.player.play()

    def set_title(self, title: str) -> None:
        """What it is called."""
        self.title = title
        self.setAccessibleName(title or (say("Video") if self.has_picture else say("Sound")))
        self.player.changed.emit()

    def set_volume(self, volume: float) -> None:
        """How loud, in per cent."""
        self.player.set_volume(round(volume))

    # -- what commands do -----------------------------------------------------------------------------------------

    def toggle(self) -> None:
        """Play or pause."""
        self.player.toggle()

    def seek_by(self, step: int) -> None:
        """Go on or back, in milliseconds."""
        self.player.seek(self.player.time + step)

    def louder_by(self, step: int) -> None:
        """Per cent."""
        self.player.set_volume(self.player.volume + step)

    def faster(self, factor: float) -> None:
        """Change the speed; 0 makes it what was recorded."""
        self.player.set_rate(self.player.rate * factor if factor else 1.0)

    def next_subtitle(self) -> None:
        """Show the next subtitles, after the last none."""
        tracks = [track.id for track in self.player.subtitles()]
        if tracks:
            now = self.player.subtitle()
            self.player.set_subtitle(tracks[(tracks.index(now) + 1) % len(tracks)] if now in tracks else tracks[0])

    def next_audio_track(self) -> None:
        """Hear the next sound track."""
        tracks = [track.id for track in self.player.audio_tracks() if track.id >= 0]
        if tracks:
            now = self.player.audio_track()
            self.player.set_audio_track(tracks[(tracks.index(now) + 1) % len(tracks)] if now in tracks else tracks[0])

    def move_in_playlist(self, step: int) -> None:
        """The next medium of the playlist, or the one before."""
        if self.playlist is not None:
            self.playlist.move(step)

    def save_picture(self) -> None:
        """Write the picture that is seen into the person's pictures; the message says where."""
        image = self.player.frames.image()
        if image.isNull():
            self._context.reporter.report("info", say("There is no picture yet"))
            return
        folder = Path(str(option("vlc.pictures")) or QStandardPaths.writableLocation(
            QStandardPaths.StandardLocation.PicturesLocation)).expanduser()
        folder.mkdir(parents=True, exist_ok=True)
        name = "".join(letter if letter.isalnum() or letter in "-_ " else "_" for letter in self.title) or "video"
        time = self.player.time
        path = folder / f"{name}-{time // 60000:02}-{time // 1000 % 60:02}-{time % 1000:03}.png"
        if image.save(str(path), "PNG"):
            self._context.reporter.report("success", say("The picture is in {path}", path=path))
        else:
            self._context.reporter.report("error", say("The picture cannot be written to {path}", path=path))

    def toggle_full(self) -> None:
        """Show the picture on the whole screen, and back; Escape leads back too."""
        if self.surface is None:
            return
        if self._window is None:
            self._window = _FullScreen(self)
            self._window.take(self.surface)
        else:
            window, self._window = self._window, None
            self.layout().insertWidget(0, self.surface, 1)
            window.close()
            window.deleteLater()
            self.setFocus()

    def keyPressEvent(self, event: QKeyEvent) -> None:  # Qt's name
        far = bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier)
        step = FAR_MS if far else SEEK_MS
        moves = {Qt.Key.Key_Left: -step, Qt.Key.Key_Right: step}
        louder = {Qt.Key.Key_Up: LOUDER, Qt.Key.Key_Down: -LOUDER}
        key = Qt.Key(event.key())
        if key in moves:
            self.seek_by(moves[key])
        elif key in louder:
            self.louder_by(louder[key])
        elif key == Qt.Key.Key_Home:
            self.player.seek(0)
        elif key == Qt.Key.Key_Escape and self._window is not None:
            self.toggle_full()
        else:
            super().keyPressEvent(event)

    # -- following ------------------------------------------------------------------------------------------------

    def _follow(self) -> None:
        player = self.player
        if player.state != self._state:
            was, self._state = self._state, player.state
            if player.state == "playing":
                self.played.emit()
            elif player.state == "paused" and was == "playing":
                self.paused.emit()
        is_wrong = player.state == "error"
        is_empty = player.state == "empty"
        if is_wrong:
            self._note.say("error", say("This cannot be played"), player.error, tone="error", can_retry=True)
        elif is_empty:
            self._note.say("video" if self.has_picture else "music", say("Nothing to play"), "")
        self._note.setVisible(is_wrong or (is_empty and self.has_picture))
        if self.surface is not None and self._window is None:
            self.surface.setVisible(not (is_wrong or is_empty))
        words = {"playing": say("plays"), "paused": say("paused"), "ended": say("at its end"), "error": player.error}
        self.setAccessibleDescription(words.get(player.state, ""))

    def _end(self) -> None:
        self.ended.emit()
        if self.playlist is not None:
            self.playlist.move(1)

    def _take(self, source: Any) -> None:
        if source == self._source:
            return
        self._source = source
        self.player.open(source, self._context.read_file, is_playing=self._is_autoplaying)

    def _take_chosen(self, source: Any, title: str) -> None:
        self.set_title(title)
        self._source = source
        self.player.open(source, self._context.read_file, is_playing=True)

    def _clicked(self) -> None:
        self.setFocus()
        self.player.toggle()

    def _retry(self) -> None:
        self.player.open(self._source, self._context.read_file, is_playing=True)


class Video(MediaView):
    """Moving pictures."""


class Audio(MediaView):
    """Sound alone."""

    has_picture = False


class _FullScreen(QWidget):
    """The picture on the whole screen; its keys are the view's."""

    def __init__(self, view: MediaView) -> None:
        super().__init__(view, Qt.WindowType.Window)
        self._view = view
        self.setWindowTitle(view.title or say("Video"))
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)

    def take(self, surface: QWidget) -> None:
        """Show it here."""
        self.layout().addWidget(surface)
        self.showFullScreen()
        self.setFocus()

    def keyPressEvent(self, event: QKeyEvent) -> None:  # Qt's name
        if event.key() in (Qt.Key.Key_Space, Qt.Key.Key_K):
            self._view.toggle()
        elif event.key() == Qt.Key.Key_F:
            self._view.toggle_full()
        else:
            self._view.keyPressEvent(event)
