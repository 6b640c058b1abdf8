"""Pages of HTML become layouts that pass every check, with nothing lost in silence."""

from __future__ import annotations

import pytest

from layouts.format import format_text
from layouts.importer.app_files import app_files
from layouts.importer.draft import ImportFileError, Outcome
from layouts.importer.page.cascade import specificity
from layouts.importer.page.reading import import_page
from layouts.load import check_layout


def page(html: str | bytes, **files: bytes) -> Outcome:
    """The outcome of a page, which passes every check; files stand beside it (``_`` for the dot)."""
    content = html.encode() if isinstance(html, str) else html
    beside = {name.replace("_", "."): one for name, one in files.items()}
    outcome = import_page(content, "p.html", beside.get)
    _, problems = check_layout("main.kdl", {"main.kdl": outcome.layout.encode()}.get)
    assert [str(one) for one in problems if one.severity == "error"] == []
    assert format_text(outcome.layout) == outcome.layout
    return outcome


def body(outcome: Outcome) -> str:
    """What stands in the window, states and what scrolls."""
    lines = outcome.layout.partition("\nwindow")[2].splitlines()[1:-1]
    inner = [line for line in lines if "scroll stretch" not in line and line not in ("    }", "        spacer stretch=1")]
    return "\n".join(line.removeprefix("    ").removeprefix("    ") for line in inner)


def told(outcome: Outcome) -> list[tuple[int, str]]:
    return [(one.where.line, one.message) for one in outcome.lost]


def test_headings_paragraphs_and_links() -> None:
    found = page(
        "<title>Hi {x}</title><h1>One</h1>\n<h2>Two</h2><p>Some <b>bold</b> text</p>"
        '<p>See <a href="https://a.example/x">the page</a></p>\n<p><a href="other.html">there</a></p>'
    )
    assert found.title == "Hi {x}"
    assert body(found).splitlines()[:3] == [
        'label "One" style=title',
        'label "Two" style=heading',
        'label "Some bold text"',
    ]
    assert 'row {\n    label "See"\n    link "the page" url="https://a.example/x"\n}\nlabel "there"' in body(found)
    assert told(found) == [(3, "the link to other.html leads nowhere here")]


def test_a_long_sentence_with_links_is_told_whole() -> None:
    found = body(page(f"<p>{'word ' * 30}<a href='http://a.b/'>here</a>, or not.</p>"))
    assert 'word here, or not." wrap=#true' in found
    assert 'link "here" url="http://a.b/"' in found


def test_labels_of_every_form() -> None:
    found = page(
        '<form><label for=a>Name:</label> <input id=a name=full_name value="Ada">'
        "<label>Age <input type=number name=age value=36></label><br>Town <input name=town>"
        "<label><input type=checkbox name=news checked> Send news</label>"
        '<input type=email name=mail placeholder="Mail"></form>'
    )
    lines = body(found).splitlines()
    assert "state age 36" in lines
    assert "state news #true" in lines
    inputs = [line.strip() for line in lines if line.strip().startswith("input")]
    assert inputs == [
        'input full_name label="Name"',
        'input age label="Age"',
        'input town label="Town"',
        'input news label="Send news"',
        'input mail label="Mail"',
    ]
    assert found.lost == ()


def test_choices_dates_texts_and_what_is_not_checked() -> None:
    found = page(
        "<select name=size><option>S<option selected>M, wide</select>\n"
        "<input type=radio name=c value=r id=r><label for=r>Red</label>"
        "<input type=radio name=c id=g checked><label for=g>Green</label>\n"
        "<input type=date name=day value=2024-02-03 required>\n<textarea name=notes rows=5>\na\nb</textarea>"
        "<input type=hidden name=token><button>Go</button>"
    )
    text = body(found)
    assert "state c Green" in text
    assert 'choices="Red, Green"' in text
    assert 'state size "M; wide"' in text
    assert 'state notes "a\\nb"' in text
    assert "editor=date" in text
    assert "editor=longtext lines=5" in text
    assert 'button "Go" emphasis=primary run="actions:go"' in text
    assert told(found) == [
        (1, "a choice with a comma, which is a semicolon here: M, wide"),
        (3, "<input type=date> day: required not checked"),
        (6, "the hidden field token is not carried"),
    ]


def test_tables_of_data_go_into_the_app() -> None:
    found = page(
        "<table id=prices><caption>Prices</caption><thead><tr><th>What<th>Price</thead>"
        "<tr><td rowspan=2>Tea<td>3<tr><td>4<tr><td colspan=2>none</table>"
    )
    assert found.tables[0].rows == (("Tea", "3"), ("Tea", "4"), ("none", ""))
    assert 'label "Prices" style=heading' in body(found)
    assert "grid prices editable=#false" in body(found)
    assert b'"price" INTEGER' in app_files("p", found)["schema.sql"]
    assert [message for _, message in told(found)] == ["a cell covers 2 columns; here it stands in the first: none"]


def test_tables_that_arrange_fields_are_rows() -> None:
    found = body(page("<table><tr><td>Name:<td><input name=n><tr><td>Town<td><input name=t></table>"))
    assert found == 'state n ""\nstate t ""\ninput n label="Name"\ninput t label="Town"'


def test_lists_groups_details_and_navigation() -> None:
    found = body(
        page(
            "<nav><ul><li><a href=/a>Home</a><li><a href=/b>Away</a></ul></nav><ol start=3><li>x<li>y</ol>"
            "<fieldset><legend>Who</legend><p>me</fieldset><details><summary>More</summary><p>deep</details>"
        )
    )
    assert 'button "Home" emphasis=quiet run="actions:home"' in found
    assert 'label "3. x"' in found
    assert 'group "Who" {\n    label "me"' in found
    assert 'button "More" run="more = not more" emphasis=quiet' in found
    assert "column visible=more {" in found


def test_flex_and_grid_containers() -> None:
    style = (
        "<style>.f{display:flex;gap:2px}.f .w{flex:2}.g{display:grid;grid-template-columns:repeat(2,1fr) 80px}</style>"
    )
    found = body(
        page(
            style
            + "<div class=f><p>a</p><p class=w>b</p></div><div class=g><i>1</i><i>2</i><i>3</i><button>4</button></div>"
        )
    )
    assert 'row gap=tight {\n    label "a"\n    label "b" stretch=2' in found
    assert 'cells columns=3 {\n    label "1"\n    label "2"\n    label "3"\n    button "4"' in found
    assert found.count("actions:") == 1


def test_the_cascade_of_linked_and_embedded_sheets() -> None:
    found = page(
        "<link rel=stylesheet href=a.css>\n<style>\n#one { color: #b3261e }\n.x { color: blue !important; margin: 1px }\n"
        "p { color: green }\n@media print { p { display: none } }\n@media (min-width: 5000px) { p { display: none } }\n"
        '</style><p id=one class=x>a</p><p id=two>b</p><p style="display:none">c</p><link rel=stylesheet href="http://h/b.css">',
        a_css=b"p { color: black;\n float: left }\n@import 'z.css';",
    )
    assert "style class=x color=info\n" in found.layout
    assert "style class=two color=link\n" in found.layout
    assert '"c"' not in found.layout
    places = {message: str(one.where) for one in found.lost for message in [one.message]}
    assert places["the CSS property float is not carried"] == "a.css:2:1"
    assert places["@import of a style sheet is not carried"] == "a.css:3:1"
    assert places["the CSS property margin is not carried"] == "p.html:4:1"
    assert places["what holds at other widths alone is not carried: @media (min-width: 5000px)"] == "p.html:7:1"
    assert places["<p> is hidden, so it is not carried: c"] == "p.html:8:1"
    assert places["the style sheet http://h/b.css is not beside the page"] == "p.html:8:1"


def test_looks_become_rules_in_tokens() -> None:
    found = page(
        "<style>.note { color: #fff; background: #1a7350; border-radius: 6px; padding: 8px }\n"
        ".note:hover { background: #ffffff } @media (prefers-color-scheme: dark) { .warn { color: #f5938b } }</style>"
        "<div class=note><p>a</p><p>b</p></div><p class=warn>c</p>"
    )
    assert "style class=note color=on-accent ground=accent padding=normal radius=control" in found.layout
    assert "column class=note {" in body(found)
    assert "style class=warn {\n    when dark color=error\n}" in found.layout
    assert found.lost == ()


@pytest.mark.parametrize(
    ("selector", "expected"),
    [("p", (0, 0, 1)), ("#a .b c", (1, 1, 1)), ("a[href]:hover", (0, 2, 1)), ("p::before", (0, 0, 1)), ("*", (0, 0, 0)),
     ("ul > li:nth-child(2n+1)", (0, 1, 2)), (":not(#a)", (1, 0, 0)), (":where(.a) b", (0, 0, 1))],
)  # fmt: skip
def test_specificity(selector: str, expected: tuple[int, int, int]) -> None:
    assert specificity(selector) == expected


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        ("<p>naïve".encode(), "naïve"),
        ("<p>naïve".encode("cp1252"), "naïve"),
        ("<meta charset=iso-8859-1><p>it’s".encode("cp1252"), "it’s"),
        ('<meta http-equiv=x content="text/html; charset=koi8-r"><p>мир'.encode("koi8-r"), "мир"),
        ("\ufeff<p>naïve".encode("utf-16-le"), "naïve"),
        ("<meta charset=nonsense><p>naïve".encode(), "naïve"),
    ],
)
def test_encodings(content: bytes, expected: str) -> None:
    assert f'label "{expected}"' in page(content).layout


def test_pictures_beside_the_page_come_along() -> None:
    found = page('<img src="a.png" alt="A cat"><img src="http://h/b.png" alt="B">', a_png=b"PNG")
    assert 'image "pictures/a.png" description="A cat"' in found.layout
    assert app_files("x", found)["pictures/a.png"] == b"PNG"
    assert told(found) == [(1, "the picture http://h/b.png is not carried")]


def test_what_a_layout_has_nothing_for_is_told_with_its_line() -> None:
    found = page(
        "<p>a</p>\n<script>if (a < b) '<p>no</p>'</script>\n<canvas></canvas><my-thing></my-thing>\n<!-- <p>n -->"
    )
    assert '"no' not in found.layout
    assert told(found) == [
        (2, "<script> is not carried"),
        (3, "<canvas> is not carried"),
        (3, "<my-thing> is not carried"),
    ]


def test_broken_pages_are_read_as_browsers_do() -> None:
    found = body(page("<p>a<p>b<table><tr><td>c<div>d</b></p><li>e &amp; &#0; &bogus; <input name='x"))
    for letter in "abcde":
        assert letter in found


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", "shows nothing"),
        (b"<script>document.write('x')</script>", "shows nothing"),
        (b"<p>" + b"\x00" * 50, "no text"),
        (b"<div>" * 100_000, "deep"),
        (b"".join(b"<font a=%d><p>" % number for number in range(20_000)), "deep"),
        (b"<p>x" * 12_000, "parts"),
        (b"<br>" * 60_000, "more than 50,000 elements"),
        (b" " * 20_000_001, "larger than"),
    ],
)
def test_hostile_pages_end_in_a_message(content: bytes, message: str) -> None:
    with pytest.raises(ImportFileError, match=message):
        import_page(content, "p.html")


@pytest.mark.parametrize(
    "sheet",
    ["@media screen{" * 5000 + "p{color:red}", "@media (min-width:" + "1" * 10_000 + "px){p{color:red}}", "(" * 5000 + "{}",
     "p{color:red}" * 100_000],
)  # fmt: skip
def test_style_sheets_that_nobody_writes_are_told_and_left(sheet: str) -> None:
    found = page(f"<style>{sheet}</style><p>x")
    assert body(found) == 'label "x"'
    assert len(found.lost) == 1


def test_media_within_a_line_are_told() -> None:
    found = page('<p>See <b>it <video src="film.mp4"></video></b> and <a href="other.html">there</a></p>')
    assert told(found) == [
        (1, "<video> is not carried: film.mp4"),
        (1, "the link to other.html leads nowhere here"),
    ]
    assert 'label "See it and there"' in body(found)
