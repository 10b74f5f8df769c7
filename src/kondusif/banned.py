"""Finds in free text what is never kept: religion, ethnicity, political opinion, numbers of persons, votes.

The law counts religion as general data, so the law alone does not stop it; this rule does (domain: bans).
A scan by words finds the careless, not the determined: people still read what is written.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from unicodedata import normalize

_RELIGION = (
    r"agama|islam|muslim\w*|non-?muslim|kristen\w*|katolik|protestan|hindu|budd?ha|kong ?hu ?cu|kafir|murtad|"
    r"syiah|ahmadiyah|salafi|wahabi|nahdliyin|abangan|santri"
)
_PEOPLES = (
    r"jawa|madura|sunda|osing|tengger|bali|batak|bugis|melayu|minang|banjar|dayak|papua|ambon|arab|china|cina|"
    r"tionghoa"
)
_ETHNICITY = (
    rf"suku|etnis|ras|keturunan|tionghoa|pribumi|(?:orang|warga|kaum|anak|kubu) (?:{_PEOPLES})|bersuku\w*"
)
_PARTIES = (
    r"partai|parpol|pdi-?p|pdi perjuangan|golkar|gerindra|pkb|pks|nasdem|demokrat|ppp|hanura|perindo|psi|"
    r"gelora|partai ummat"
)
_OPINION = (
    rf"{_PARTIES}|pilihan politik|aliran politik|haluan politik|simpatisan|"
    r"(?:pendukung|pemilih|memilih|mencoblos|pro|condong ke|orangnya) (?:calon|kades|paslon|nomor|no\.?) ?\w*"
)
# Figures of the running election (RULES 17): who got how many stands in the minutes and nowhere else.
_VOTES = (
    r"\d[\d.]{0,9}\s+suara\b|\d[\d.]{0,9}\s+surat\s+suara\s+(?:sah|tidak\s+sah|rusak|batal|terpakai)|"
    r"(?:unggul|menang|kalah|selisih|perolehan|mendapat|meraih|memperoleh)\s+(?:\w+\s+){0,3}?\d[\d.,]{0,9}\s*(?:%|persen)|"
    r"(?:calon|paslon|nomor)\s*(?:nomor|no\.?|urut)?\s*\d{1,2}\s*(?:[:=]|dapat|mendapat|meraih|memperoleh)\s*\d{2,}|"
    r"(?:perolehan|jumlah|total)\s+suara\s[^.;\n]{0,25}?\d{2,}|"
    r"suara\s+(?:sah|tidak\s+sah|batal)[ :=]{0,5}\d"
)

_UNSEEN = re.compile("[\u00ad\u200b-\u200f\u2060-\u2064\ufeff]")

# Offices and roles whose names hold one of the words; a weapon of the trade, not an attribute of anyone.
_ALLOWED = re.compile(
    r"\b(?:tokoh|pemuka|kementerian|kemenag|kantor urusan|pengadilan|urusan|penyuluh|hari raya) agama\b|"
    r"\bsuku (?:dinas|bunga|cadang)\b|\bdaftar pemilih\b",
    re.IGNORECASE,
)
_PATTERNS = (
    *(
        (kind, re.compile(rf"\b(?:{words})\b", re.IGNORECASE))
        for kind, words in (("religion", _RELIGION), ("ethnicity", _ETHNICITY), ("opinion", _OPINION))
    ),
    ("opinion", re.compile(r"\bPAN\b")),  # the party; "pan" in lower case is a word
    ("identity", re.compile(r"(?<![\w.-])\d{16}(?![\w.-])")),  # NIK and KK numbers
    ("identity", re.compile(r"(?<![\w.-])\d{4}(?:[ .-]\d{4}){3}(?![\w.-])")),  # the same in groups
    ("telephone", re.compile(r"(?<![\w.-])(?:\+?62|0)[ .-]?8\d{1,3}(?:[ .-]?\d{3,4}){2}\d{0,2}(?![\w-])")),
    ("votes", re.compile(rf"\b(?:{_VOTES})", re.IGNORECASE)),
)


@dataclass(frozen=True, slots=True)
class Banned:
    """A word that may not be kept; ``kind``: religion, ethnicity, opinion, identity, telephone, votes."""

    word: str
    kind: str


def scan(text: str) -> tuple[Banned, ...]:
    """Every banned word in ``text``, in the order found; empty when there is none.

    >>> scan("warga suku X pendukung calon 2")
    (Banned(word='suku', kind='ethnicity'), Banned(word='pendukung calon 2', kind='opinion'))
    >>> scan("Disampaikan tokoh agama dan panitia")
    ()
    """
    plain = normalize("NFKC", _UNSEEN.sub("", text))  # look-alikes of width and form, letters nobody sees
    masked = _ALLOWED.sub(lambda m: " " * len(m[0]), plain)
    hits = ((m.start(), Banned(m[0], kind)) for kind, pattern in _PATTERNS for m in pattern.finditer(masked))
    return tuple(banned for _, banned in sorted(hits, key=lambda hit: (hit[0], hit[1].kind)))
