"""The bar below a video, and all of an audio view: play, where it is, how loud, which tracks."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QSignalBlocker, QSize, Qt, Signal
from PySide6.QtGui import QMouseEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QMenu, QSizePolicy, QSlider, QStyle, QToolButton, QWidget

from plugins.api import Theme, say, tint
from plugins.vlc.player import LOUDEST, Player, Track

#: A thin line, what lies behind in the accent, and a round handle with a visible focus.
_SLIDER = """QSlider { min-height: 20px; background: transparent; }
QSlider::groove:horizontal { height: 4px; border-radius: 2px; background: ${fill-pressed}; }
QSlider::sub-page:horizontal { border-radius: 2px; background: ${accent}; }
QSlider::sub-page:horizontal:disabled { background: ${fill-pressed}; }
QSlider::handle:horizontal { width: 12px; height: 12px; margin: -4px 0; border-radius: 6px; background: ${accent}; }
QSlider::handle:horizontal:disabled { background: ${disabled}; }
QSlider::handle:horizontal:focus { border: 2px solid ${text}; width: 12px; margin: -6px 0; border-radius: 8px; }"""
#: Rates that the menu offers.
RATES = (0.5, 0.75, 1.0, 1.25, 1.5, 2.0)


class Controls(QWidget):
    """Follows a player and steers it; keys are the view's."""

    snapshot_wanted = Signal()
    full_wanted = Signal()

    def __init__(self, player: Player, theme: Theme, parent: QWidget, *, has_picture: bool) -> None:
        super().__init__(parent)
        self._player, self._theme = player, theme
        row = QHBoxLayout(self)
        row.setContentsMargins(*[theme.space("tight")] * 4)
        row.setSpacing(theme.space("tight"))
        self._play = self._button("play", say("Play"), player.toggle)
        self._time, self._length = QLabel("0:00", self), QLabel("0:00", self)
        self._place = _Slider(self, theme)
        self._place.setAccessibleName(say("Place"))
        self._place.valueChanged.connect(player.seek)
        self._sound = self._button("volume", say("Mute"), lambda: player.set_muted(not player.is_muted))
        self._volume = _Slider(self, theme)
        self._volume.setRange(0, LOUDEST)
        self._volume.setAccessibleName(say("Volume"))
        self._volume.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self._volume.setFixedWidth(theme.length(80))
        self._volume.valueChanged.connect(player.set_volume)
        self._more = self._button("settings", say("Speed and tracks"), self._open_menu)
        sound = [self._sound, self._volume, self._more]
        widgets: list[QWidget] = [self._play, self._time, self._place, self._length, *sound]
        if has_picture:
            widgets += [
                self._button("camera", say("Save the picture"), self.snapshot_wanted.emit),
                self._button("maximize", say("Whole screen"), self.full_wanted.emit),
            ]
        for widget in widgets:
            row.addWidget(widget, 1 if widget is self._place else 0)
        for label in (self._time, self._length):
            label.setFont(theme.font("caption"))
        player.changed.connect(self.follow)
        theme.changed.connect(self._dress)
        self._dress()
        self.follow()

    def follow(self) -> None:
        """Show the player as it is."""
        player = self._player
        for slider, value in ((self._place, player.time), (self._volume, player.volume)):
            with QSignalBlocker(slider):
                if slider is self._place:
                    slider.setRange(0, max(player.length, 1))
                if not slider.isSliderDown():
                    slider.setValue(value)
        self._place.setEnabled(player.length > 0)
        self._play.setEnabled(player.is_open)
        self._time.setText(clock(player.time))
        self._length.setText(clock(player.length) if player.length else "–:––")
        is_playing = player.is_playing
        self._name(self._play, "pause" if is_playing else "play", say("Pause") if is_playing else say("Play"))
        sound = ("mute", say("Sound on")) if player.is_muted else ("volume", say("Mute"))
        self._name(self._sound, *sound)

    def menu(self) -> QMenu:
        """Speeds, audio tracks and subtitles, those in force marked."""
        player, menu = self._player, QMenu(self)
        speeds = menu.addMenu(say("Speed"))
        for rate in RATES:
            _add(speeds, f"{rate:g} ×", rate == player.rate, lambda rate=rate: player.set_rate(rate))
        self._add_tracks(menu, say("Sound track"), player.audio_tracks(), player.audio_track(), player.set_audio_track)
        self._add_tracks(menu, say("Subtitles"), player.subtitles(), player.subtitle(), player.set_subtitle)
        return menu

    def _add_tracks(
        self, menu: QMenu, title: str, tracks: list[Track], now: int, choose: Callable[[int], None]
    ) -> None:
        part = menu.addMenu(title)
        part.setEnabled(bool(tracks))
        for track in tracks:
            name = say("None") if track.id < 0 else track.name
            _add(part, name, track.id == now, lambda track=track: choose(track.id))

    def _open_menu(self) -> None:
        menu = self.menu()
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.popup(self._more.mapToGlobal(self._more.rect().topLeft()) - menu.rect().bottomLeft())

    def _button(self, icon: str, name: str, act: Callable[[], object]) -> QToolButton:
        button = QToolButton(self)
        button.setAutoRaise(True)
        button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        button.clicked.connect(lambda: act())
        self._name(button, icon, name)
        return button

    def _name(self, button: QToolButton, icon: str, name: str) -> None:
        if button.property("icon_name") != icon:
            button.setProperty("icon_name", icon)
            button.setIcon(self._theme.icon(icon))
        button.setToolTip(name)
        button.setAccessibleName(name)

    def _dress(self) -> None:
        side = self._theme.icon_size()
        for button in self.findChildren(QToolButton):
            button.setIcon(self._theme.icon(button.property("icon_name")))
            button.setIconSize(QSize(side, side))


class _Slider(QSlider):
    """A slider that goes where it is clicked."""

    def __init__(self, parent: QWidget, theme: Theme) -> None:
        super().__init__(Qt.Orientation.Horizontal, parent)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        tint(self, theme, _SLIDER)

    def mousePressEvent(self, event: QMouseEvent) -> None:  # Qt's name
        if event.button() == Qt.MouseButton.LeftButton:
            place = round(event.position().x())
            self.setValue(QStyle.sliderValueFromPosition(self.minimum(), self.maximum(), place, self.width()))
        super().mousePressEvent(event)


def clock(time: int) -> str:
    """Milliseconds as ``1:05`` or ``1:02:05``."""
    seconds = time // 1000
    hours, minutes = seconds // 3600, seconds // 60 % 60
    return f"{hours}:{minutes:02}:{seconds % 60:02}" if hours else f"{minutes}:{seconds % 60:02}"


def _add(menu: QMenu, text: str, is_chosen: bool, act: Callable[[], None]) -> None:
    action = menu.addAction(text.replace("&", "&&"))
    action.setCheckable(True)
    action.setChecked(is_chosen)
    action.triggered.connect(lambda *_: act())
