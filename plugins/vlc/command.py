"""Commands of video and audio views."""

from __future__ import annotations

from plugins.vlc.view import MediaView


def toggle(view: MediaView) -> None:
    """Play or pause."""
    view.toggle()


def stop(view: MediaView) -> None:
    """Go back to the beginning and wait."""
    view.player.stop()


def mute(view: MediaView) -> None:
    """Be silent, and loud again."""
    view.player.set_muted(not view.player.is_muted)


def faster(view: MediaView) -> None:
    """A quarter faster."""
    view.faster(1.25)


def slower(view: MediaView) -> None:
    """A fifth slower."""
    view.faster(0.8)


def own_speed(view: MediaView) -> None:
    """As it was recorded."""
    view.faster(0)


def seek(view: MediaView, seconds: float) -> None:
    """Go to a place."""
    view.player.seek(round(seconds * 1000))


def next_subtitle(view: MediaView) -> None:
    """The next subtitles."""
    view.next_subtitle()


def next_track(view: MediaView) -> None:
    """The next sound track."""
    view.next_audio_track()


def next_medium(view: MediaView) -> None:
    """The next one of the playlist."""
    view.move_in_playlist(1)


def previous_medium(view: MediaView) -> None:
    """The one before in the playlist."""
    view.move_in_playlist(-1)


def next_frame(view: MediaView) -> None:
    """One picture on."""
    view.player.next_frame()


def save_picture(view: MediaView) -> None:
    """Write the picture that is seen."""
    view.save_picture()


def full_screen(view: MediaView) -> None:
    """The whole screen, and back."""
    view.toggle_full()
