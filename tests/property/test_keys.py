"""Key texts and keymaps.

What is written, or shown on any platform, is read as the same keys; anything else is refused in words. Of bindings that
cannot all be in force, the ones that are not stand in a clash or are covered by a stronger layer.
"""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from shell.key import (
    BARE_SIGNS,
    MODIFIERS,
    SPECIAL,
    Chord,
    KeyTextError,
    chord_of,
    format_keys,
    parse_keys,
    split_count,
)
from shell.keymap import LAYERS, Binding, Keymap

NAMES = st.one_of(
    st.characters(exclude_categories=("C", "Z")),
    st.sampled_from([name for name, _, _, _ in SPECIAL]),
    st.sampled_from([*"ßıİſǅµÅK", *BARE_SIGNS]),
    st.integers(1, 35).map(lambda number: f"F{number}"),
)
MODIFIED = st.integers(0, 15).map(lambda bits: [name for bit, name, _, _ in MODIFIERS if bits & bit])
CHORDS = st.builds(lambda names, key: parse_keys("+".join([*names, key]))[0], MODIFIED, NAMES)
KEYS = st.lists(CHORDS, min_size=1, max_size=4).map(tuple)

BINDINGS = st.lists(
    st.builds(
        lambda keys, command, layer, mode, view: Binding(parse_keys(keys), command, layer=layer, mode=mode, view=view),
        st.lists(st.sampled_from("ab"), min_size=1, max_size=3).map(" ".join),
        st.sampled_from(["one", "two", "three", ""]),
        st.sampled_from(LAYERS),
        st.sampled_from(["", "normal", "visual"]),
        st.sampled_from(["", "grid", "form"]),
    ),
    max_size=8,
)
PLACES = st.tuples(
    st.lists(st.sampled_from(["grid", "form"]), unique=True, max_size=2),
    st.sampled_from([(), ("normal",), ("visual", "normal")]),
)


@given(KEYS, st.sampled_from(["linux", "darwin", "win32"]))
def test_keys_are_read_as_they_are_shown_on_every_platform(keys: tuple[Chord, ...], platform: str) -> None:
    assert parse_keys(format_keys(keys, platform)) == keys
    assert parse_keys(" ".join(map(str, keys))) == keys


@given(st.text(max_size=20))
def test_a_text_is_keys_or_refused_in_words(text: str) -> None:
    try:
        keys = parse_keys(text)
    except KeyTextError as error:
        assert error.message and error.hint
    else:
        assert parse_keys(" ".join(map(str, keys))) == keys


@given(st.integers(0, 99_999), KEYS)
def test_a_count_is_split_from_its_keys(count: int, keys: tuple[Chord, ...]) -> None:
    digits = tuple(Chord(digit) for digit in str(count)) if count else ()
    is_number = keys[0].key in tuple("0123456789") and not keys[0].modifiers
    if not is_number:
        assert split_count((*digits, *keys)) == (count, keys)


@given(CHORDS)
def test_an_event_of_a_key_is_the_chord_that_its_text_names(chord: Chord) -> None:
    codes = {name: code for name, code, _, _ in SPECIAL}
    if chord.key not in codes:
        return
    bits = sum(qt for bit, _, qt, _ in MODIFIERS if chord.modifiers & bit)
    assert chord_of(codes[chord.key], bits) == chord


@settings(max_examples=60)
@given(BINDINGS, PLACES)
def test_what_is_in_force_can_be_typed(bindings: list[Binding], place: tuple[list[str], tuple[str, ...]]) -> None:
    keymap, (views, modes) = Keymap(bindings), place
    for keys in {binding.keys for binding in bindings}:
        match = keymap.look_up(keys, views, modes)
        if match.binding is not None:
            assert match.binding.keys == keys and match.binding.command
            assert match.binding.view in ("", *views) and match.binding.mode in ("", *modes)
            # On its way there is no shorter key that would run first.
            before = [keymap.look_up(keys[:length], views, modes) for length in range(1, len(keys))]
            assert all(one.binding is None and one.is_partial for one in before)
        if match.is_partial:
            assert keymap.continuations(keys, views, modes)


@given(BINDINGS)
def test_who_loses_is_told_or_is_covered_by_a_stronger_layer(bindings: list[Binding]) -> None:
    plain = [one._replace(view="", mode="") for one in bindings]
    keymap = Keymap(plain)
    in_force, lost = set(keymap), {clash.loser for clash in keymap.clashes}
    for number, one in enumerate(plain):
        if not one.command or one in in_force or one in lost:
            continue
        rank = LAYERS.index(one.layer), number
        assert any(other.keys == one.keys and (LAYERS.index(other.layer), at) > rank for at, other in enumerate(plain))


@given(st.sampled_from(sorted(BARE_SIGNS)), MODIFIED)
def test_shift_counts_for_a_sign_that_needs_none_where_another_modifier_is_held(sign: str, names: list[str]) -> None:
    (plain,), (shifted,) = parse_keys("+".join([*(one for one in names if one != "Shift"), sign])), parse_keys(
        "+".join([*(one for one in names if one != "Shift"), "Shift", sign])
    )
    assert (plain != shifted) == bool(plain.modifiers)
    assert parse_keys(format_keys((shifted,), "darwin")) == (shifted,)
