"""What is told and offered of manifests and keymaps."""

from __future__ import annotations

from tests.end_to_end.language_server.shop import FILES, said
from tests.language_client import Editor


def test_manifests(editor: Editor) -> None:
    editor.open("app.toml")
    assert editor.problems("app.toml") == []
    told = editor.ask("textDocument/hover", editor.at("app.toml", "sch|ema ="))
    assert "SQL text" in told["contents"]["value"]
    found = editor.ask("textDocument/definition", editor.at("app.toml", 'layout = "ma|in'))
    assert found["uri"].endswith("main.kdl")
    text = FILES["app.toml"]
    assert {"title": "title = ", "grants": "grants = "}.items() <= editor.labels("app.toml", "ti|\n" + text).items()
    assert "sqlite" in editor.labels("app.toml", text + '[sources.other]\nkind = "|')
    found = editor.labels("app.toml", text + '[sources.other]\nkind = "sqlite"\n|')
    assert "schema" in found and "address" not in found
    assert editor.labels("app.toml", text.replace('"main.kdl"', '"|"'))["parts/end.kdl"] == "parts/end.kdl"
    assert {"read", "delete"} <= editor.labels("app.toml", text + '[[grants]]\nmay = ["edit", "|').keys()


def test_keymaps(editor: Editor) -> None:
    text = '[mine]\ntitle = "Mine"\n"Ctrl+J" = "row.ad"\n"Ctrl+J Ctrl+K" = "row.add"\n'
    editor.open("keys.toml", text)
    told = said(editor.problems("keys.toml"))
    assert len(told) == 2
    assert "Espalier has no command row.ad; unless an app has it, the key does nothing (did you mean row.add?)" in told
    editor.change("keys.toml", text.replace("Ctrl+K", "Ctrl+Nonsense"))
    assert said(editor.problems("keys.toml"))[0].startswith("“Ctrl+Nonsense” names no key")
    offers = editor.labels("keys.toml", '[mine]\n"Ctrl+J" = |')
    assert offers["row.add"] == '"row.add"'
    editor.change("keys.toml", '[mine]\n"Ctrl+J" = "row.add"\n')
    hover = editor.ask("textDocument/hover", editor.at("keys.toml", '"row.a|dd"'))
    assert "New row" in hover["contents"]["value"]
