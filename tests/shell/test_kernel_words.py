"""What tables and links say in English, in whichever process they are, said again in the language of the window."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest

from kernel.error import EspalierError
from kernel.expression import parse
from kernel.tables.change import Delete, Insert, Update
from kernel.tables.check import problem_of
from kernel.tables.exchange.json_reader import read_json
from kernel.tables.quick_filter import parse_quick
from kernel.tables.schema import Column
from kernel.tables.sqlite.source import SqliteSource
from kernel.tables.sqlite.trouble import translated
from kernel.wire.error import too_late
from kernel.words import say_again, use_words
from shell.failure import describe
from shell.texts import gather
from shell.words import take_words
from widgets.grid.notice import sentence

SCHEMA = """
create table people (id integer primary key, name text not null unique, age integer check (age >= 18),
    pay numeric check (pay between 1 and 9), boss_id integer references people (id));
insert into people values (1, 'Ann', 30, 5, null), (2, 'Bob', 40, 6, 1);
"""


@pytest.fixture
def german() -> Iterator[None]:
    assert take_words("de")
    yield
    use_words({})


def refusal(path: Path, change: Insert | Update | Delete) -> str:
    source = SqliteSource(path)
    try:
        with pytest.raises(EspalierError) as caught:
            source.table("people").commit([change])
        return sentence(caught.value)
    finally:
        source.close()


@pytest.fixture
def people(tmp_path: Path) -> Path:
    path = tmp_path / "people.sqlite"
    with sqlite3.connect(path) as database:
        database.executescript(SCHEMA)
    database.close()
    return path


#: A change → what is said of it.
REFUSED = [
    (Insert({"name": None}), "Name darf nicht leer sein"),
    (Insert({"name": "Ann"}), "Es gibt schon eine Zeile mit diesem Wert von Name"),
    (Insert({"name": "Eve", "age": 3}), "Age muss mindestens 18 sein"),
    (Insert({"name": "Eve", "pay": 30}), "Pay muss zwischen 1 und 9 liegen"),
    (Insert({"name": "Eve", "age": "x"}), "Age muss eine ganze Zahl sein"),
    (Insert({"name": "Eve", "age": 2**70}), "Age ist zu groß, um gespeichert zu werden"),
    (Update((2,), "", {"boss_id": 7}), "Boss 7 gibt es nicht"),
    (Delete((1,), ""), "People 1 wird noch von 1 Zeile von People gebraucht"),
]


@pytest.mark.parametrize(("change", "said"), REFUSED, ids=[said for _, said in REFUSED])
def test_what_a_database_refuses_is_said_in_the_language_in_force(
    people: Path, german: None, change: Insert | Update | Delete, said: str
) -> None:
    assert refusal(people, change) == said


def test_messages_of_files_and_links_are_said_with_what_to_do(german: None) -> None:
    locked = sqlite3.OperationalError("database is locked")
    locked.sqlite_errorcode = 5
    assert describe(translated(locked, Path("/x/desk.sqlite"))) == (
        "desk.sqlite ist von einem anderen Programm gesperrt",
        "schließen Sie sie dort, oder versuchen Sie es noch einmal",
    )
    assert describe(too_late("host:5060", 2.0)) == (
        "host:5060 hat nicht innerhalb von 2 s geantwortet",
        "der Server ist vielleicht beschäftigt: Versuchen Sie es gleich noch einmal",
    )
    inner = "nothing was saved, because host:5060 does not answer"
    assert say_again(inner) == "nichts wurde gespeichert, denn host:5060 antwortet nicht"


def test_what_no_catalogue_has_stays_as_it_is(german: None) -> None:
    for text in ("", "ein Satz des Autors", "{column", "x" * 10_000):
        assert say_again(text) == text


def test_names_with_braces_are_no_places_for_values(german: None) -> None:
    assert say_again(problem_of(Column("x", "integer", label="Rate {a}"), "no")) == "Rate {a} muss eine ganze Zahl sein"


def test_in_english_nothing_is_looked_for() -> None:
    use_words({})
    assert say_again("Age must be at least 18") == "Age must be at least 18"


#: What is typed into a box above a column of that type → what the box says.
TYPED = [
    ("12x", "integer", "„12x“ ist keine Zahl"),
    (">", "integer", "hinter > fehlt ein Wert"),
    ("soon", "time", "„soon“ ist keine Uhrzeit wie 9:30"),
    ("maybe", "boolean", "„maybe“ ist weder ja noch nein"),
]


@pytest.mark.parametrize(("typed", "kind", "said"), TYPED)
def test_what_is_wrong_with_a_filter_is_said_in_the_language_in_force(
    german: None, typed: str, kind: str, said: str
) -> None:
    with pytest.raises(EspalierError) as caught:
        parse_quick(typed, "column", kind)
    assert say_again(caught.value.message) == said


#: An expression → what is wrong with it, and what to do.
EXPRESSIONS = [
    ("", "der Ausdruck ist leer", ""),
    ("a = 1", "Vergleiche werden mit == geschrieben", ""),
    ("a && b", "&& ist hier nicht bekannt", "schreiben Sie and"),
    ("lenght(name)", "es gibt keine Funktion lenght", "meinten Sie length?"),
    ("[x for x in y]", "eine Schleife ist in einem Ausdruck nicht möglich", ""),
]


@pytest.mark.parametrize(("text", "said", "hint"), EXPRESSIONS)
def test_what_is_wrong_with_an_expression_is_said_in_the_language_in_force(
    german: None, text: str, said: str, hint: str
) -> None:
    with pytest.raises(EspalierError) as caught:
        parse(text)
    assert (say_again(caught.value.message), say_again(caught.value.hint)) == (said, hint)


#: Of keys, signatures, wheels, libraries, releases and options.
SAID = [
    ("'root' 3 of desk is signed by its own keys with 1 of the 2 keys that are needed; it was refused",
     "„root“ 3 von desk ist mit den eigenen Schlüsseln unterschrieben, mit 1 der 2 nötigen Schlüssel; "
     "das wurde abgelehnt"),
    ("the metadata of 'apps' cannot be read: a hash is no SHA-256",
     "die Metadaten von „apps“ können nicht gelesen werden: ein Hash ist kein SHA-256"),
    ("a.whl would be the module numpy, which this process has in use already",
     "a.whl wäre das Modul numpy, das dieser Prozess schon benutzt"),
    ("libz.so cannot be the library z: it is no library for Linux, or damaged: it is no shared library",
     "libz.so kann nicht die Bibliothek z sein: es ist keine Bibliothek für Linux, oder beschädigt: "
     "es ist keine gemeinsame Bibliothek"),
    ("ui.wheel must be true or false", "ui.wheel muss true oder false sein"),
    ("the release's path '/etc' is absolute", "der Pfad '/etc' der Veröffentlichung ist absolut"),
]  # fmt: skip


@pytest.mark.parametrize(("english", "said"), SAID)
def test_what_is_wrong_with_releases_and_options_is_said_in_the_language_in_force(
    german: None, english: str, said: str
) -> None:
    assert say_again(english) == said


def test_what_a_file_cannot_be_read_for_is_said_with_what_to_do(german: None, tmp_path: Path) -> None:
    (tmp_path / "people.json").write_text("{")
    with pytest.raises(EspalierError) as caught:
        read_json(tmp_path / "people.json")
    assert sentence(caught.value).startswith("Das ist kein JSON: ")


def test_each_text_with_values_is_found_again(german: None) -> None:
    value = re.compile(r"\{\w+\}")
    marked = [said.text for said in gather() if said.file.startswith("kernel/") and value.search(said.text)]
    assert len(marked) > 100
    for text in marked:
        values = {name[1:-1]: f"V{at}" for at, name in enumerate(value.findall(text))}
        english = text.format(**values)
        if len("".join(value.split(text))) >= 8:  # shorter ones would fit everything
            german_text = say_again(english)
            assert german_text != english and all(one in german_text for one in values.values()), text
