"""A plugin under work: its views follow its files with their state, and the last good code outlives a mistake."""

from __future__ import annotations

from typing import Any

import pytest

from tests.conftest import spin_until
from tests.plugins.test_failing import VIEW, Place, cards, place, texts  # noqa: F401

GOOD = VIEW.replace("    def set_value", """    def keep_state(self):
        return self.typed

    def take_state(self, state):
        self.typed = state

    def set_value""").replace("self.go()", "self.typed = 'nothing'")


def open_desk(place: Place, name: str) -> tuple[Any, Any]:  # noqa: F811
    from shell.kinds import plugin_set

    place.write(name, GOOD)
    window = place.open(f"{name} 1 id=one\n tabs {{ tab \"A\" {{ {name} 2 }} }}")
    window.context.widgets["one"].typed = "much"
    return window, plugin_set(window.session.config).get(name)


def test_a_change_is_shown_with_the_state_of_the_view(place: Place) -> None:  # noqa: F811
    from shell.live.plugin_reload import reload_plugin

    window, plugin = open_desk(place, "toyhot")
    place.write("toyhot", GOOD.replace("shows", "tells"))
    assert reload_plugin(plugin, window.session.config) == []
    said = texts(window)
    assert any("tells 1" in text for text in said) and any("tells 2" in text for text in said)
    assert not any("shows" in text for text in said) and window.context.widgets["one"].typed == "much"


#: A mistake → what is told of it.
MISTAKES = {
    "syntax": (("class View", "class class View"), "no Python"),
    "import": (("class View", "1 / 0\n\n\nclass View"), "fails: ZeroDivisionError"),
    "constructor": (("self.typed = 'nothing'", "self.gone()"), "fails: AttributeError"),
    "class": (("class View", "class Other"), "view.py has no View"),
}


@pytest.mark.parametrize("case", MISTAKES)
def test_the_last_good_code_goes_on_after_a_mistake(place: Place, case: str) -> None:  # noqa: F811
    from shell.live.plugin_reload import reload_plugin

    window, plugin = open_desk(place, f"toyhot{case}")
    (old, new), said = MISTAKES[case]
    place.write(plugin.id, GOOD.replace(old, new, 1))
    (problem,) = reload_plugin(plugin, window.session.config)
    assert said in problem.message and "view.py" in f"{problem.where} {problem.message}"
    assert not cards(window) and any("shows 1" in text for text in texts(window))
    assert window.context.widgets["one"].typed == "much"
    window.registry.run(f"{plugin.id}.do")
    assert "fails: ValueError: not done" in window.messages.history[-1].text
    place.write(plugin.id, GOOD.replace("shows", "tells"))
    assert reload_plugin(plugin, window.session.config) == []
    assert any("tells 1" in text for text in texts(window))


def test_a_manifest_that_changes_brings_other_commands(place: Place) -> None:  # noqa: F811
    from shell.live.plugin_reload import reload_plugin

    window, plugin = open_desk(place, "toymanifest")
    manifest = plugin.directory / "plugin.toml"
    manifest.write_text(manifest.read_text().replace("toymanifest.do", "toymanifest.make"))
    assert reload_plugin(plugin, window.session.config) == []
    assert window.registry.get("toymanifest.make") is not None and window.registry.get("toymanifest.do") is None


def test_the_folder_is_followed(place: Place) -> None:  # noqa: F811
    from shell.live.plugin_reload import PluginWatch

    window, _ = open_desk(place, "toyfollowed")
    told: list[Any] = []
    watch = PluginWatch(window.session.config, lambda title, problems: told.append((title, problems)))
    place.write("toyfollowed", GOOD.replace("shows", "tells much more of"))
    spin_until(lambda: any("tells much more of 1" in text for text in texts(window)))
    place.write("toyfollowed", GOOD.replace("class View", "class class View"))
    spin_until(lambda: told)
    assert "The plugin toyfollowed cannot be used as it is now" in told[0][0] and not cards(window)
    watch.stop()
