"""Video and sound by the real libvlc, from media that ffmpeg makes: a few pictures, tones and subtitles."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QPoint, QRect, QSize, Qt
from PySide6.QtGui import QImage, QPainter, QPaintEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QWidget

from kernel.tables.change import Update
from kernel.tables.error import ReadOnlyError
from kernel.tables.memory import MemorySource
from layouts.kinds.table import BUILT_IN
from layouts.node import Layout, Node
from plugins.api import Column, EspalierError, Schema
from plugins.registry import contributed_kinds
from widgets.build import build_window
from widgets.context import Context
from widgets.gui_thread import prepare
from widgets.handle import TableHandle
from widgets.scope import Scope
from widgets.theme import Theme

pytestmark = pytest.mark.skipif(not shutil.which("ffmpeg"), reason="ffmpeg makes the media; apt-get install ffmpeg")
WaitUntil = Callable[..., None]
_SUBTITLES = "1\n00:00:00,000 --> 00:00:04,000\nHello\n"


class Reports(list[str]):
    """A reporter that remembers."""

    def report(self, level: str, text: str, detail: str = "") -> None:
        self.append(text)


@pytest.fixture(scope="module")
def media(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """``film.mkv``: four seconds, 320 × 180, two tones, subtitles; ``tall.mp4``: pixels twice as wide as high."""
    folder = tmp_path_factory.mktemp("media")
    (folder / "film.srt").write_text(_SUBTITLES)
    picture = ["-f", "lavfi", "-i", "color=red:size=320x180:rate=25"]
    tones = [part for hertz in (440, 880) for part in ("-f", "lavfi", "-i", f"sine=frequency={hertz}")]
    kept = ["-map", "0:v", "-map", "1:a", "-map", "2:a", "-map", "3:s", "-c:v", "mpeg4", "-c:a", "libmp3lame"]
    _ffmpeg(*picture, *tones, "-i", str(folder / "film.srt"), *kept, "-t", "4", str(folder / "film.mkv"))
    halves = ["-f", "lavfi", "-i", "color=red:size=319x181,format=rgb24,drawbox=x=160:w=159:h=181:color=blue:t=fill"]
    _ffmpeg(*halves, "-pix_fmt", "yuv420p", "-c:v", "ffv1", "-t", "1", str(folder / "halves.mkv"))
    _ffmpeg(*picture, "-vf", "setsar=2/1", "-c:v", "mpeg4", "-t", "1", str(folder / "wide.mkv"))
    _ffmpeg("-f", "lavfi", "-i", "sine=frequency=440", "-t", "1", str(folder / "tone.ogg"))
    (folder / "text.mp4").write_text("This is no film.\n" * 200)
    _ffmpeg("-f", "lavfi", "-i", "color=red:size=16400x16", "-c:v", "ffv1", "-t", "0.2", str(folder / "vast.mkv"))
    (folder / "list.m3u").write_text(f"#EXTM3U\n#EXTINF:1,Film\n{folder / 'film.mkv'}\n")
    film = (folder / "film.mkv").read_bytes()
    (folder / "noise.mkv").write_bytes(film[:4000] + bytes(7 * place % 251 for place in range(4000)) + film[8000:])
    (folder / "cut.mkv").write_bytes((folder / "film.mkv").read_bytes()[:600])
    return folder


def _ffmpeg(*words: str) -> None:
    subprocess.run(["ffmpeg", "-hide_banner", "-loglevel", "error", "-y", *words], check=True, timeout=60)


@pytest.fixture(autouse=True)
def silent(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Sound goes nowhere: the machine may have no device for it."""
    engine = pytest.importorskip("plugins.vlc.engine")
    try:
        engine.vlc_module()
    except EspalierError as error:
        pytest.skip(str(error))
    view = pytest.importorskip("plugins.vlc.view")
    values = {"vlc.arguments": "--aout=dummy", "vlc.volume": 100, "vlc.pictures": str(tmp_path / "new")}
    for module in (engine, view):
        monkeypatch.setattr(module, "option", values.__getitem__)


@pytest.fixture
def context(qapp: object, media: Path) -> Iterator[Context]:
    prepare()

    def read_file(path: str) -> bytes | None:
        place = media / path
        return place.read_bytes() if place.is_file() else None

    made = Context(
        scope=Scope(), commands=None, reporter=Reports(), theme=Theme("light"),
        tables={}, open_table=None, read_file=read_file,
    )  # fmt: skip
    yield made
    made.disposers()
    for handle in made.tables.values():
        handle.dispose()


def shown(context: Context, kind: str = "video", **properties: Any) -> Any:
    node = Node(kind, "it", properties)
    kinds = {**BUILT_IN, **contributed_kinds()}
    window = build_window(Layout(windows=[Node("window", children=[node])]), context, kinds)
    window.resize(640, 480)
    window.show()
    context.disposers.add(window.close)
    assert "it" in context.widgets, context.reporter
    return context.widgets["it"]


def middle(image: QImage) -> tuple[int, int, int]:
    return image.pixelColor(image.width() // 2, image.height() // 2).getRgb()[:3]


def test_a_file_of_the_app_plays_from_memory(context: Context, wait_until: WaitUntil) -> None:
    view = shown(context, url="film.mkv", title="Red")
    assert (view.player.state, view.accessibleName()) == ("stopped", "Red")
    QTest.keyClick(view, Qt.Key.Key_Right)  # nothing to seek in yet
    view.toggle()
    wait_until(lambda: view.player.time > 300 and view.player.frames.count > 5)
    image = view.player.frames.image()
    assert (image.width(), image.height()) == (320, 180)
    red, green, blue = middle(image)
    assert red > 200 and green < 60 and blue < 60
    assert 3500 < view.player.length < 4600
    view.toggle()
    wait_until(lambda: view.player.state == "paused")


@pytest.mark.parametrize("is_decoded", [True, False])
def test_both_forms_have_the_films_colours(
    context: Context, is_decoded: bool, monkeypatch: pytest.MonkeyPatch, wait_until: WaitUntil
) -> None:
    """Left half red, right half blue, of an odd size; small in its room, and whole in a picture that is saved."""
    from plugins.vlc import form

    if is_decoded and form.swscale() is None:
        pytest.skip("libswscale is not there")
    if not is_decoded:
        monkeypatch.setattr(form, "swscale", lambda: None)
    view = shown(context, url="halves.mkv", autoplay=True)
    wait_until(lambda: view.player.frames.count > 0)
    frames = view.player.frames
    small, whole = frames.image((100, 51)).copy(), frames.image().copy()
    assert (whole.width(), whole.height()) == (319, 181)
    assert (small.width(), small.height()) == ((100, 51) if is_decoded else (319, 181))
    for image in (small, whole):
        left, right = image.pixelColor(5, 20), image.pixelColor(image.width() - 5, 20)
        assert left.red() > 200 > 60 > left.blue() and right.blue() > 200 > 60 > right.red(), (left, right)


class Cover(QWidget):
    """A green one."""

    def paintEvent(self, event: QPaintEvent) -> None:  # Qt's name
        QPainter(self).fillRect(event.rect(), Qt.GlobalColor.green)


@pytest.mark.parametrize(("cover", "is_written"), [("nothing", True), ("a thin one", True), ("a dense one", False)])
def test_a_picture_is_written_into_its_window_where_nothing_dense_lies_over_it(
    context: Context, cover: str, is_written: bool, monkeypatch: pytest.MonkeyPatch, wait_until: WaitUntil
) -> None:
    """Blue right beside red, so that a shifted line would be seen; what lies over it and beside it stays."""
    from plugins.vlc import form

    if form.swscale() is None:
        pytest.skip("libswscale is not there")
    view = shown(context, url="halves.mkv", autoplay=True)
    window, surface, written = view.window(), view.surface, []
    # The picture is 319 × 181 pixels; its room is as wide as a step of libswscale's.
    surface.setFixedSize(256, 300)
    wait_until(lambda: surface.size() == QSize(256, 300) and view.player.frames.count > 0)
    over = Cover(window)
    over.setGeometry(QRect(surface.mapTo(window, QPoint(100, 140)), QSize(20, 20)))
    over.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent, cover == "a dense one")
    over.setVisible(cover != "nothing")
    write = view.player.frames.write
    monkeypatch.setattr(view.player.frames, "write", lambda target: written.append(write(target)) or written[-1])
    over.repaint()
    surface.repaint()
    assert any(written) is is_written
    painted, corner = window.backingStore().paintDevice(), surface.mapTo(window, QPoint())
    room = surface.picture_room().toRect().translated(corner)
    expected = {"left": (room.left() + 2, (255, 0, 0)), "right": (room.right() - 2, (0, 0, 255))}
    for name, (x, colour) in expected.items():
        for y in (room.top() + 2, room.center().y(), room.bottom() - 2):
            seen = painted.pixelColor(x, y)
            far = sum(abs(a - b) for a, b in zip(seen.getRgb()[:3], colour, strict=True))
            assert far < 60 and seen.alpha() == 255, (name, y, seen)
    bar, beside = painted.pixelColor(room.left() + 2, room.top() - 2), painted.pixelColor(room.left() - 1, room.top())
    assert bar.getRgb()[:3] == (0, 0, 0) and min(beside.getRgb()[:3]) > 200
    if cover != "nothing":
        assert painted.pixelColor(corner + QPoint(110, 150)).getRgb()[:3] == (0, 255, 0)


def test_the_picture_stands_in_its_own_shape(context: Context, wait_until: WaitUntil) -> None:
    view = shown(context, url="wide.mkv", autoplay=True)
    wait_until(lambda: view.player.frames.count > 0)
    room = view.surface.picture_room()
    assert abs(room.width() / room.height() - 640 / 180) < 0.05
    picture = view.surface.grab().toImage()
    assert middle(picture)[0] > 200 and picture.pixelColor(2, 2).getRgb()[:3] == (0, 0, 0)


def test_seeking_speed_and_sound_by_keys_and_controls(context: Context, wait_until: WaitUntil) -> None:
    view = shown(context, url="film.mkv", autoplay=True, volume=60)
    wait_until(lambda: view.player.state == "playing" and view.player.length > 0)
    view.player.set_rate(0.25)
    view.player.seek(3000)
    wait_until(lambda: view.player.time >= 2900)
    QTest.keyClick(view, Qt.Key.Key_Home)
    wait_until(lambda: view.player.time < 2000)
    QTest.keyClick(view, Qt.Key.Key_Down)
    assert view.player.volume == 55
    view.louder_by(500)
    assert view.player.volume == 125
    view.faster(2)
    assert view.player.rate == 0.5
    view.faster(0)
    assert view.player.rate == 1


def test_tracks_and_subtitles_are_chosen(context: Context, wait_until: WaitUntil) -> None:
    view = shown(context, url="film.mkv", autoplay=True)
    view.player.set_rate(0.25)
    wait_until(lambda: len(view.player.audio_tracks()) == 3 and len(view.player.subtitles()) == 2)
    first = view.player.audio_track()
    view.next_audio_track()
    wait_until(lambda: view.player.audio_track() not in (first, -1))
    was = view.player.subtitle()
    view.next_subtitle()
    wait_until(lambda: view.player.subtitle() != was)
    menu = view.controls.menu()
    parts = {action.text(): action.menu() for action in menu.actions()}
    assert len(parts) == 3 and all(part.isEnabled() for part in parts.values())
    menu.deleteLater()


def test_a_blob_plays_and_its_end_is_told(context: Context, media: Path, wait_until: WaitUntil) -> None:
    view = shown(context, "audio", title="Tone")
    ends: list[int] = []
    view.ended.connect(lambda: ends.append(1))
    view.set_data((media / "tone.ogg").read_bytes())
    view.toggle()
    wait_until(lambda: bool(ends))
    assert view.player.state == "ended" and view.player.time == view.player.length > 800
    view.toggle()  # from the beginning again
    wait_until(lambda: view.player.state == "playing")


@pytest.mark.parametrize(("source", "said"), [
    ("text.mp4", "no medium that VLC can play"),
    ("nowhere.mp4", "there is no file nowhere.mp4"),
    ("/nowhere/film.mp4", "there is no file /nowhere/film.mp4"),
    ("screen://", "addresses of screen are not played"),
    ("file:///etc/passwd", "addresses of file are not played"),
    ("v4l2:///dev/video0", "addresses of v4l2 are not played"),
    ("cut.mkv", "no medium that VLC can play"),
    ("list.m3u", "no medium that VLC can play"),
    ("vast.mkv", "larger than can be shown"),
])
def test_what_cannot_be_played_is_said(context: Context, source: str, said: str, wait_until: WaitUntil) -> None:
    view = shown(context, url=source, autoplay=True)
    wait_until(lambda: view.player.state == "error" and said in view.player.error)
    assert not view.surface.isVisible() and said in view.accessibleDescription()


def test_noise_within_a_film_does_not_end_it(context: Context, wait_until: WaitUntil) -> None:
    view = shown(context, url="noise.mkv", autoplay=True)
    view.player.set_rate(4)
    wait_until(lambda: view.player.state == "ended" and view.player.frames.count > 0)


def test_after_a_broken_one_a_good_one_plays(context: Context, wait_until: WaitUntil) -> None:
    view = shown(context, url="text.mp4", autoplay=True)
    wait_until(lambda: view.player.state == "error")
    view.set_url("film.mkv")
    wait_until(lambda: view.player.frames.count > 0 and view.surface.isVisible())
    view.set_url("")
    assert view.player.state == "empty" and not view.surface.isVisible()


def test_a_picture_is_saved(context: Context, tmp_path: Path, wait_until: WaitUntil) -> None:
    view = shown(context, url="film.mkv", title="Red/1")
    view.save_picture()
    assert context.reporter == ["There is no picture yet"]  # type: ignore[comparison-overlap]
    view.toggle()
    wait_until(lambda: view.player.frames.count > 3)
    view.save_picture()
    [path] = (tmp_path / "new").glob("Red_1-*.png")
    assert QImage(str(path)).size().width() == 320 and str(path) in context.reporter[-1]  # type: ignore[index]


def test_a_playlist_plays_its_rows(context: Context, wait_until: WaitUntil) -> None:
    schema = Schema("clips", (Column("id", "integer"), Column("source"), Column("name")), ("id",))
    rows = [{"id": 1, "source": "wide.mkv", "name": "Wide"}, {"id": 2, "source": "film.mkv", "name": "Red"}]
    source = MemorySource([(schema, rows)])
    context.tables["clips"] = TableHandle(source.table("clips"), "clips")
    view = shown(context, playlist="clips", named="name")
    wait_until(lambda: context.tables["clips"].schema is not None)
    view.move_in_playlist(1)
    wait_until(lambda: view.title == "Wide")
    wait_until(lambda: view.title == "Red")  # by itself, at the end of the first
    view.move_in_playlist(-1)
    wait_until(lambda: view.title == "Wide")
    view.move_in_playlist(-1)
    assert view.playlist.place == 0


def test_a_view_that_leaves_twice_takes_nobody_with_it(context: Context) -> None:
    from plugins.vlc.players import Players

    players, view = Players.of_process(), shown(context, url="film.mkv")
    leave = players.add(view, "other")
    leave()
    leave_again = players.add(view, "other")
    leave()
    assert "other" in [row[0] for row in players.rows()]
    leave_again()
    assert "other" not in [row[0] for row in players.rows()]


def test_the_table_of_players_is_read_and_steers(context: Context, wait_until: WaitUntil) -> None:
    from plugins.vlc.players import tables

    table = tables()["players"]
    told: list[Any] = []
    table._tell = told.append  # type: ignore[method-assign]
    view = shown(context, url="film.mkv", title="Red")
    assert [row[:3] for row in table.rows(0, 5)] == [("it", "Red", "stopped")]
    table.commit([Update(("it",), "", {"state": "playing", "rate": 0.5})])
    wait_until(lambda: table.rows(0, 1)[0][2] == "playing" and view.player.rate == 0.5)
    table.commit([Update(("it",), "", {"seconds": 2.0, "is_muted": True})])
    wait_until(lambda: table.rows(0, 1)[0][3] >= 1.9 and view.player.is_muted)
    for values in ({"title": "x"}, {"state": "ended"}):
        with pytest.raises(ReadOnlyError):
            table.commit([Update(("it",), "", values)])
    assert told
    context.disposers()
    assert table.count() == 0
    table.close()


def test_without_the_library_it_is_said_what_to_type(monkeypatch: pytest.MonkeyPatch) -> None:
    import vlc

    from plugins.vlc.engine import vlc_module

    monkeypatch.setattr(vlc, "dll", None)
    with pytest.raises(EspalierError, match="apt-get install libvlc5"):
        vlc_module()
