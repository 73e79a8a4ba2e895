"""Korean letters for search: initial consonants, syllables that are still being typed, particles. Pure."""

from __future__ import annotations

FIRST_SYLLABLE, LAST_SYLLABLE = 0xAC00, 0xD7A3
INITIALS = "ㄱㄲㄴㄷㄸㄹㅁㅂㅃㅅㅆㅇㅈㅉㅊㅋㅌㅍㅎ"
FINALS, VOWELS = 28, 21
PARTICLES = (
    "에서는", "에서", "으로", "까지", "부터", "쪽에", "근처", "주변", "부근", "에는", "에게", "앞에", "옆에",
    "앞", "옆", "쪽", "은", "는", "이", "가", "을", "를", "의", "에", "로", "와", "과", "도",
)  # fmt: skip
"""Longest first where one ends another; what is left must have two letters."""


def is_syllable(letter: str) -> bool:
    return FIRST_SYLLABLE <= ord(letter) <= LAST_SYLLABLE


def initial(letter: str) -> str:
    """The initial consonant of a syllable; any other letter stays."""
    if not is_syllable(letter):
        return letter
    return INITIALS[(ord(letter) - FIRST_SYLLABLE) // (VOWELS * FINALS)]


def initials(text: str) -> str:
    """Each syllable by its initial consonant: as many letters as before."""
    return "".join(map(initial, text))


def is_open(letter: str) -> bool:
    """A syllable without a final consonant: one may still follow."""
    return is_syllable(letter) and (ord(letter) - FIRST_SYLLABLE) % FINALS == 0


def asks_initials(word: str) -> bool:
    """Whether some letter of a word is a consonant standing alone."""
    return any(one in INITIALS for one in word)


def begins(typed: str, letter: str) -> bool:
    """Whether a letter may become of what was typed of it: its initial, its open syllable, or itself."""
    if typed == letter:
        return True
    if typed in INITIALS:
        return initial(letter) == typed
    if is_open(typed) and is_syllable(letter):
        return ord(letter) - ord(typed) in range(FINALS)
    return False


def without_particle(word: str) -> str:
    """The word without the particle it ends in, where two letters or more are left; else the word."""
    for particle in PARTICLES:
        if word.endswith(particle) and len(word) - len(particle) >= 2:
            return word[: -len(particle)]
    return word
