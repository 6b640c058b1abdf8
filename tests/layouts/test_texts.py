"""Texts of layouts in other languages: gathered, translated with plurals, and what is wrong with catalogues."""

from __future__ import annotations

import gettext

import pytest

from kernel.expression import parse
from layouts.load import load_layout
from layouts.node import Formula, Layout, Template
from layouts.texts.catalogue import CatalogueError, read_catalogue, split_context, translated, with_context
from layouts.texts.check import check_catalogue
from layouts.texts.language import catalogue_of, is_right_to_left, language_of
from layouts.texts.plural import PluralError, Rule
from layouts.texts.walk import texts_of

LAYOUT = """layout 1 title="Shop"
table goods
command goods.sell title="Sell" doc="Sells it." run="shop:sell" { confirm "Sell {view.current.name}?" }
window {
    grid goods id=view empty="No goods" { show name label="Name"; check when="id > 0" message="Too small" }
    label "{goods.count} goods" class=amount
    label "Sell" tip="Sell" id=sold
    link "Page" url="https://example.org"
    label "{goods.count} / 3"
}
"""
HEAD = 'msgid ""\nmsgstr ""\n"Content-Type: text/plain; charset=UTF-8\\n"\n"Plural-Forms: nplurals=2; plural=(n != 1);\\n"\n\n'
COUNT = 'msgid "{goods.count} goods"\nmsgid_plural "{goods.count} goods"\n'


def layout() -> Layout:
    return load_layout("main.kdl", {"main.kdl": LAYOUT.encode()}.get)


def catalogue(*entries: str) -> bytes:
    return (HEAD + "\n\n".join(entries) + "\n").encode()


def entry(text: str, other: str) -> str:
    return f'msgid "{text}"\nmsgstr "{other}"'


def filled(text: object, count: int | None) -> str:
    assert isinstance(text, Template)
    values = [part if isinstance(part, str) else parse(part.text).evaluate(lambda _: count) for part in text.parts]
    return "".join("" if one is None else str(one) for one in values)


def test_all_that_people_read_is_gathered_and_nothing_else() -> None:
    found = {(text.text, text.where.line, bool(text.count)) for text in texts_of(layout())}
    assert found == {
        ("Shop", 0, False), ("Sell", 3, False), ("Sells it.", 3, False), ("Sell {view.current.name}?", 3, False),
        ("No goods", 5, False), ("Name", 5, False), ("Too small", 5, False), ("{goods.count} goods", 6, True),
        ("Sell", 7, False), ("Page", 8, False),
    }  # fmt: skip


def test_words_for_what_is_counted_are_read() -> None:
    written = """window { label "{goods.count} {'good' if goods.count == 1 else 'goods'}"; label "{'a' if app.is_online else 'b'}" }"""
    (found,) = texts_of(load_layout("main.kdl", {"main.kdl": f"layout 1\ntable goods\n{written}".encode()}.get))
    assert (found.text, found.count) == ("{goods.count} {'good' if goods.count == 1 else 'goods'}", "goods.count")


def test_a_layout_is_translated_and_what_is_missing_stays() -> None:
    given = catalogue(entry("Sell", "Verkaufen"), entry("Sell {view.current.name}?", "{view.current.name} verkaufen?"))
    found = translated(layout(), read_catalogue(given, "locale/de.po"))
    (command,) = found.commands
    assert command.title == "Verkaufen"
    assert command.confirm == Template((Formula("view.current.name", ("view.current.name",)), " verkaufen?"))
    sold = found.windows[0].children[2]
    assert (sold.properties["text"], sold.properties["tip"], sold.id) == ("Verkaufen", "Verkaufen", "sold")
    assert (command.doc, found.title) == ("Sells it.", "Shop")


def test_a_text_with_a_context_is_another_one() -> None:
    given = catalogue(entry("Sell", "Verkaufen"), f'msgctxt "keys"\n{entry("Sell", "verkauft")}')
    texts = read_catalogue(given, "locale/de.po").texts
    assert texts == {"Sell": ("Verkaufen",), with_context("keys", "Sell"): ("verkauft",)}
    assert [split_context(name) for name in texts] == [("", "Sell"), ("keys", "Sell")]


def test_a_count_takes_the_form_of_its_language() -> None:
    given = catalogue(COUNT + 'msgstr[0] "eine Ware"\nmsgstr[1] "{goods.count} Waren"')
    found = translated(layout(), read_catalogue(given, "locale/de.po"))
    text = found.windows[0].children[1].properties["text"]
    assert [filled(text, count) for count in (0, 1, 2)] == ["0 Waren", "eine Ware", "2 Waren"]


@pytest.mark.parametrize(
    "header",
    [
        "nplurals=1; plural=0;",
        "nplurals=2; plural=(n != 1);",
        "nplurals=2; plural=n>1;",
        "nplurals=3; plural=(n%10==1 && n%100!=11 ? 0 : n%10>=2 && n%10<=4 && (n%100<10 || n%100>=20) ? 1 : 2);",
        "nplurals=6; plural=(n==0 ? 0 : n==1 ? 1 : n==2 ? 2 : n%100>=3 && n%100<=10 ? 3 : n%100>=11 ? 4 : 5);",
        "nplurals=4; plural=(n%100==1 ? 0 : n%100==2 ? 1 : n%100==3 || n%100==4 ? 2 : 3);",
        "nplurals=3; plural=(n==1 ? 0 : !(n>=2 && n<=4) ? 2 : 1);",
    ],
)
def test_rules_of_plurals_choose_as_gettext_does(header: str) -> None:
    rule = Rule(header)
    theirs = gettext.c2py(rule.text)
    ours = [parse(rule.condition(form, "goods.count")) for form in range(rule.forms)]
    for count in range(220):
        assert [form for form, one in enumerate(ours) if one.evaluate(lambda _, n=count: n)] == [theirs(count)]


@pytest.mark.parametrize(
    "header", ["", "nplurals=2", "nplurals=2; plural=(n", "nplurals=2; plural=n+1;", "nplurals=0; plural=0;"]
)
def test_a_rule_of_plurals_that_is_none_is_refused(header: str) -> None:
    with pytest.raises(PluralError):
        Rule(header)


@pytest.mark.parametrize(
    ("given", "message"),
    [
        (entry("Sel", "Verkaufen"), "locale/de.po:6:1: warning: nothing in the app says “Sel”"),
        (entry("Sell", ""), "locale/de.po:6:1: warning: “Sell” is not translated"),
        (entry("Sell {view.current.name}?", "Verkaufen?"), "lacks {view.current.name}"),
        (entry("Sell {view.current.name}?", "{view.current.nam}?"), "has {view.current.nam}, which the text has not"),
        (entry("Sell {view.current.name}?", "{view.current.name"), "cannot be read"),
        (COUNT + 'msgstr[0] "a"\nmsgstr[1] "{goods.count} b"\nmsgstr[2] "c"', "has 3 forms, the language has 2"),
        (entry("Sell", "Verkaufen"), "texts are missing: “Shop” and others"),
    ],
)
def test_what_is_wrong_with_a_catalogue_is_told_with_its_line(given: str, message: str) -> None:
    problems = check_catalogue(catalogue(given), "locale/de.po", texts_of(layout()))
    assert any(message in str(problem) for problem in problems), list(map(str, problems))


def test_a_form_for_one_may_leave_the_count_out() -> None:
    given = catalogue(COUNT + 'msgstr[0] "eine Ware"\nmsgstr[1] "{goods.count} Waren"')
    problems = check_catalogue(given, "locale/de.po", texts_of(layout()))
    assert not [
        problem for problem in problems if "goods.count" in problem.message and "missing" not in problem.message
    ]


def test_a_whole_catalogue_has_no_problems_and_a_broken_one_says_where() -> None:
    entries = dict.fromkeys(text.text for text in texts_of(layout()) if not text.count)
    given = catalogue(
        *(entry(text, text) for text in entries), COUNT + 'msgstr[0] "{goods.count} a"\nmsgstr[1] "{goods.count} b"'
    )
    assert check_catalogue(given, "locale/de.po", texts_of(layout())) == []
    (problem,) = check_catalogue(b'msgid "a"\nhello\n', "locale/de.po", [])
    assert (problem.severity, problem.where.line) == ("error", 2)
    with pytest.raises(CatalogueError):
        read_catalogue(b"\xff\xfe", "locale/de.po")


def test_a_translation_with_a_mistake_leaves_the_text_as_it_is() -> None:
    given = catalogue(entry("Sell {view.current.name}?", "{view.current.name"))
    found = translated(layout(), read_catalogue(given, "locale/de.po"))
    assert found.commands[0].confirm == layout().commands[0].confirm


@pytest.mark.parametrize(
    ("option", "environ", "language"),
    [
        ("de", {"LANG": "fr_FR.UTF-8"}, "de"),
        ("pt-BR", {}, "pt_BR"),
        ("system", {"LANG": "fr_FR.UTF-8"}, "fr_FR"),
        ("system", {"LANGUAGE": "sv:de", "LANG": "fr_FR.UTF-8"}, "sv"),
        ("system", {"LC_ALL": "C.UTF-8", "LANG": "fr_FR.UTF-8"}, ""),
        ("system", {}, ""),
    ],
)
def test_the_language_is_the_options_or_the_systems(option: str, environ: dict[str, str], language: str) -> None:
    assert language_of(option, environ) == language


def test_the_exact_catalogue_goes_before_the_languages() -> None:
    files = {"locale/pt.po": b"1", "locale/pt_BR.po": b"2"}
    assert catalogue_of("pt_BR", files.get) == ("locale/pt_BR.po", b"2")
    assert catalogue_of("pt_PT", files.get) == ("locale/pt.po", b"1")
    assert catalogue_of("de", files.get) is None
    assert catalogue_of("", files.get) is None
    assert is_right_to_left("ar_EG")
    assert not is_right_to_left("de")
