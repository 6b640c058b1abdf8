"""Icons of the desktop's themes → the names of ours."""

from __future__ import annotations

#: Name in the icon naming specification → ours.
ICONS: dict[str, str] = {
    "document-new": "document", "document-open": "folder-open", "document-open-folder": "folder-open",
    "document-save": "save", "document-save-as": "save", "document-print": "print", "document-properties": "info",
    "document-send": "send", "document-export": "export", "document-import": "import", "document-edit": "edit",
    "document-revert": "undo", "folder": "folder", "folder-open": "folder-open", "folder-new": "folder",
    "edit-undo": "undo", "edit-redo": "redo", "edit-cut": "cut", "edit-copy": "copy", "edit-paste": "paste",
    "edit-delete": "delete", "edit-find": "search", "edit-clear": "eraser", "edit-select-all": "check",
    "edit-rename": "edit", "list-add": "add", "list-remove": "remove", "go-up": "arrow-up", "go-down": "arrow-down",
    "go-previous": "arrow-left", "go-next": "arrow-right", "go-home": "home", "go-first": "first", "go-last": "last",
    "view-refresh": "refresh", "view-list-tree": "list", "view-filter": "filter", "view-fullscreen": "window",
    "application-exit": "close", "window-close": "close", "window-new": "window", "dialog-ok": "check",
    "dialog-ok-apply": "check", "dialog-cancel": "close", "dialog-close": "close", "dialog-information": "info",
    "dialog-warning": "warning", "dialog-error": "error", "help-about": "info", "help-contents": "help",
    "configure": "settings", "preferences-system": "settings", "preferences-other": "settings", "media-playback-start":
    "play", "media-playback-pause": "pause", "media-playback-stop": "stop", "media-skip-forward": "next",
    "media-skip-backward": "previous", "system-search": "search", "system-run": "play", "system-lock-screen": "lock",
    "bookmark-new": "star", "bookmarks": "star", "mail-message": "mail", "mail-send": "send", "internet-web-browser":
    "globe", "process-stop": "stop", "system-log-out": "lock", "user-trash": "delete", "network-connect": "link",
    "tools-report-bug": "warning", "download": "download", "upload": "upload", "view-visible": "eye",
    "view-hidden": "eye-off", "format-text-bold": "edit", "text-x-generic": "file", "application-x-executable": "app",
}  # fmt: skip
