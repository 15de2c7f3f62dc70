"""Finding stores and places while somebody types: misspellings and pinyin forgiven. Pure.

A query is cut into words; each must be found in what is known of a store: its names, what it sells,
its category. Chinese is found by its characters and by its sound, whole, with or without tones, or
by the initials of its syllables. Scores and their steps are ours.
"""

import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice, product
from typing import Final, Literal

from rapidfuzz.distance import OSA

from edge_core.service.schema import DirectoryView

_MOST_READINGS: Final = 8
_EXACT, _PREFIX, _INITIALS, _MISSPELT = 1.0, 0.92, 0.80, 0.72
_STEP: Final = 0.12
_NAME, _PRODUCT, _CATEGORY, _WORD = 100.0, 84.0, 78.0, 72.0
_LEAST: Final = 38.0


@dataclass(frozen=True, slots=True)
class Hit:
    """Something found.

    Attributes:
        kind: `store` or `place`.
        id: in the directory.
        score: the higher the better.
        by: what of it was found, in the words of the directory; "" for its own name.
        by_zh: the same in Chinese.
    """

    kind: Literal["store", "place"]
    id: str
    score: float
    by: str = ""
    by_zh: str = ""


@dataclass(frozen=True, slots=True)
class _Form:
    """One spelling that something can be found by; `bare` is a sound without its tones."""

    text: str
    bare: str
    weight: float
    kind: Literal["latin", "han", "sound", "initials"]
    shown: tuple[str, str]


@dataclass(frozen=True, slots=True)
class _Entry:
    kind: Literal["store", "place"]
    id: str
    near_s: float
    forms: tuple[_Form, ...]


class SearchIndex:
    """What can be found in a directory.

    Args:
        directory: stores and places.
        screen_id: of two that fit alike the one nearer to this screen comes first.
    """

    def __init__(self, directory: DirectoryView, screen_id: str = "") -> None:
        near_s = directory.walks_s.get(screen_id, {})
        categories = {category.id: category for category in directory.categories}
        self._entries: list[_Entry] = []
        for store in directory.stores:
            forms = list(_forms(store.name, store.name_zh, _NAME, directory.sounds, named=True))
            forms += _paired(store.products, store.products_zh, _PRODUCT, directory.sounds)
            category = categories.get(store.category)
            if category is not None:
                names = ([category.name], [category.name_zh])
                forms += _paired(*names, _CATEGORY, directory.sounds)
                forms += _paired(category.words, category.words_zh, _WORD, directory.sounds)
            seconds = near_s.get(store.id, 1e9)
            self._entries.append(_Entry("store", store.id, seconds, tuple(forms)))
        for place in directory.places:
            forms = list(_forms(place.name, place.name_zh, _NAME, directory.sounds, named=True))
            seconds = near_s.get(place.id, 1e9)
            self._entries.append(_Entry("place", place.id, seconds, tuple(forms)))

    def find(self, query: str, most: int = 24) -> list[Hit]:
        """What fits a query, best first; nothing for an empty one."""
        words = query_words(query)
        if not words:
            return []
        for shares in (_Shares(misspelt=False), _Shares(misspelt=True)):
            found = [(hit, it) for it in self._entries if (hit := _fit(it, words, shares))]
            if found:
                break
        found.sort(key=lambda pair: (-round(pair[0].score), pair[1].near_s, pair[1].id))
        return [hit for hit, _ in found[:most]]

    def completions(self, query: str, language: str, most: int = 4) -> list[str]:
        """Whole words of the directory that the query may become, in a language, best first.

        Chinese ones are found by what has been typed of their pinyin.
        """
        words = query_words(query)
        if not words:
            return []
        typed, ranked = "".join(words), dict[str, float]()
        shares = _Shares(misspelt=False)
        place = 1 if language == "zh" else 0
        for entry in self._entries:
            for form in entry.forms:
                share = shares.of(form, typed)
                shown = form.shown[place]
                if share >= _INITIALS and shown and normal(shown) != typed:
                    ranked[shown] = max(ranked.get(shown, 0.0), share * form.weight)
        return sorted(ranked, key=lambda shown: (-ranked[shown], shown))[:most]


def normal(text: str) -> str:
    """Lower case without accents and punctuation; words apart by one blank."""
    plain = unicodedata.normalize("NFKD", text.casefold())
    kept = "".join(c for c in plain if not unicodedata.combining(c)).replace("'", "")
    return " ".join(re.sub(r"[^0-9a-z\u4e00-\u9fff]+", " ", kept).split())


def query_words(query: str) -> list[str]:
    """The words of a query; characters of another script are words of their own."""
    return re.findall(r"[\u4e00-\u9fff]+|[0-9a-z]+", normal(query))


def _paired(
    english: Sequence[str], chinese: Sequence[str], weight: float, sounds: Mapping[str, str]
) -> Iterator[_Form]:
    for place in range(max(len(english), len(chinese))):
        one = english[place] if place < len(english) else ""
        other = chinese[place] if place < len(chinese) else ""
        yield from _forms(one, other, weight, sounds)


def _forms(
    english: str, chinese: str, weight: float, sounds: Mapping[str, str], *, named: bool = False
) -> Iterator[_Form]:
    shown = (english, chinese)
    words = normal(english).split()
    if words:
        yield _form("".join(words), weight, "latin", shown)
        if len(words) > 1:
            yield from (_form(word, weight - 3, "latin", shown) for word in words if len(word) > 2)
    if not chinese:
        return
    yield _form(normal(chinese).replace(" ", ""), weight, "han", shown)
    for syllables in _readings(sounds.get(chinese, "")):
        for start in range(len(syllables) - 1 if named else 1):
            rest, lower = syllables[start:], weight - (4 if start else 0)
            yield _form("".join(rest), lower, "sound", shown)
            if len(rest) > 1:
                yield _form("".join(part[0] for part in rest), lower, "initials", shown)


def _form(
    text: str,
    weight: float,
    kind: Literal["latin", "han", "sound", "initials"],
    shown: tuple[str, str],
) -> _Form:
    return _Form(text, re.sub(r"\d", "", text) if kind == "sound" else text, weight, kind, shown)


def _readings(sound: str) -> Iterator[tuple[str, ...]]:
    """Each way to say a word, in syllables with their tones; few even where many are open."""
    syllables = [part.split("/") for part in sound.casefold().split()]
    if syllables:
        yield from islice(dict.fromkeys(product(*syllables)), _MOST_READINGS)


def _fit(entry: _Entry, words: Sequence[str], shares: "_Shares") -> Hit | None:
    """How well an entry fits: the whole query as one name, or each word somewhere."""
    whole, form = _best(entry.forms, "".join(words), shares)
    if len(words) > 1:
        each = [_best(entry.forms, word, shares) for word in words]
        if all(score > 0 for score, _ in each):
            mean = sum(score for score, _ in each) / len(each)
            whole, form = max((whole, form), (mean, each[0][1]), key=lambda pair: pair[0])
    if whole < _LEAST or form is None:
        return None
    by = ("", "") if form.weight >= _NAME - 8 else form.shown
    return Hit(entry.kind, entry.id, whole, *by)


def _best(forms: Iterable[_Form], typed: str, shares: "_Shares") -> tuple[float, _Form | None]:
    best, found = 0.0, None
    for form in forms:
        score = shares.of(form, typed) * form.weight
        if score > best:
            best, found = score, form
    return best, found


class _Shares:
    """How much of a spelling has been typed; each answer is worked out once a search.

    Args:
        misspelt: whether slips are forgiven; asked for only when nothing fits without.
    """

    def __init__(self, *, misspelt: bool) -> None:
        self._forgiving = misspelt
        self._known: dict[tuple[str, str, str], float] = {}

    def of(self, form: _Form, typed: str) -> float:
        """1 for the very same, less for a beginning, less still for a misspelt one, else 0."""
        key = (form.kind, form.text, typed)
        if key not in self._known:
            self._known[key] = self._share(form, typed)
        return self._known[key]

    def _share(self, form: _Form, typed: str) -> float:
        if form.kind == "han":
            if typed in form.text:
                return _EXACT if typed == form.text else _PREFIX
            return 0.0
        if not typed.isascii():
            return 0.0
        if form.kind == "initials":
            fits = len(typed) >= 2 and form.text.startswith(typed)
            return _INITIALS + (0.05 if form.text == typed else 0.0) if fits else 0.0
        text = form.text if any(sign.isdecimal() for sign in typed) else form.bare
        if text.startswith(typed):
            return _EXACT if text == typed else _PREFIX
        return _misspelt(text, typed) if self._forgiving else 0.0


def _misspelt(text: str, typed: str) -> float:
    """By the fewest slips (Damerau, optimal string alignment) to a beginning of the text."""
    allowed = 0 if len(typed) < 4 else 1 if len(typed) < 7 else 2 if len(typed) < 11 else 3
    if allowed == 0 or (typed[0] != text[0] and len(typed) < 5):
        return 0.0
    slips = min(
        OSA.distance(typed, text[:length], score_cutoff=allowed)
        for length in range(len(typed) - allowed, len(typed) + allowed + 1)
        if length > 0
    )
    return _MISSPELT - _STEP * (slips - 1) if slips <= allowed else 0.0
