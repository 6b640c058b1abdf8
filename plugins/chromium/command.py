"""What the plugin's commands do to the view that they act on."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from plugins.chromium.web import Web


def back(web: Web) -> None:
    """Show the page before this one."""
    web.back()


def forward(web: Web) -> None:
    """Show the page after this one."""
    web.forward()


def reload(web: Web) -> None:
    """Read the page anew."""
    web.reload()


def stop(web: Web) -> None:
    """Stop what comes."""
    web.stop()


def go(web: Web, address: str) -> None:
    """Show an address, or go into the line for one."""
    if address:
        web.go(address)
    else:
        web.set_bar(True)
        web.navigation.enter()


def find(web: Web) -> None:
    """Open the bar to find a text."""
    web.find_bar.open()


def find_next(web: Web) -> None:
    """Go to the next place."""
    web.find(web.find_bar.line.text())


def find_previous(web: Web) -> None:
    """Go to the previous place."""
    web.find(web.find_bar.line.text(), is_back=True)


def zoom_in(web: Web) -> None:
    """Make the page larger."""
    web.zoom_by(1)


def zoom_out(web: Web) -> None:
    """Make the page smaller."""
    web.zoom_by(-1)


def zoom_reset(web: Web) -> None:
    """Show the page at its own size."""
    web.zoom_by(0)


def print_page(web: Web, path: str) -> None:
    """Write the page as a PDF file."""
    web.print_to(path)


def inspect(web: Web) -> None:
    """Open the developer tools."""
    web.show_tools()


def open_outside(web: Web) -> None:
    """Open the page in the person's browser."""
    web.open_outside()


def forget_answers(web: Web) -> None:
    """Ask anew what the page's origin may do."""
    web.forget_site()
