"""Key texts: what is written, or shown on any platform, is read as the same keys; anything else is refused in words."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from shell.key import MODIFIERS, SPECIAL, Chord, KeyTextError, chord_of, format_keys, parse_keys, split_count

NAMES = st.one_of(
    st.characters(exclude_categories=("C", "Z")),
    st.sampled_from([name for name, _, _, _ in SPECIAL]),
    st.integers(1, 35).map(lambda number: f"F{number}"),
)
MODIFIED = st.integers(0, 15).map(lambda bits: [name for bit, name, _, _ in MODIFIERS if bits & bit])
CHORDS = st.builds(lambda names, key: parse_keys("+".join([*names, key]))[0], MODIFIED, NAMES)
KEYS = st.lists(CHORDS, min_size=1, max_size=4).map(tuple)


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
