"""Boundaries of villages from a GeoJSON file (RFC 7946): every problem at once, nothing half-imported.

Coordinates are degrees of WGS 84, longitude first. A village is found by its code, in the dotted form
(35.14.05.2001) or as digits (3514052001), in a property that the planner may name.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

from kondusif.errors import ImportRefused, Problem
from kondusif.files import shapes
from kondusif.files.cells import BadCell, kode_desa
from kondusif.files.checks import INDONESIA
from kondusif.files.outline import Polygon, Position, Ring, area, inside
from kondusif.files.read import MAX_PROBLEMS
from kondusif.places import Desa
from kondusif.words import N_
from kondusif_index.tables.read import MAX_BYTES, decoded, refused, show

CODE_PROPERTIES = ("kode", "kode_desa", "kdepum", "kd_desa", "kode_kemendagri", "id_desa", "code")
NAME_PROPERTIES = ("nama", "nama_desa", "namobj", "desa", "wadmkd", "name")
MAX_FEATURES = 5_000
MAX_POSITIONS = 1_000_000
DECIMALS = 6  # of a degree, about 0.1 m
WGS84 = ("4326", "CRS84")
LEAST_AREA = 1e-10  # square degrees, about 1 square metre: corners on one line, give or take rounding
SOUND = N_(
    "batas yang tidak memotong dirinya sendiri; di QGIS: Vector, Geometry Tools, Fix Geometries, "
    "simpan, lalu unggah lagi"
)


@dataclass(frozen=True, slots=True)
class Outline:
    """The boundary of a village; outer rings run counter-clockwise, holes clockwise."""

    kode: str
    polygons: tuple[Polygon, ...]

    @property
    def plain(self) -> list[list[list[list[float]]]]:
        """Coordinates of a GeoJSON MultiPolygon."""
        return [[[list(p) for p in ring] for ring in polygon] for polygon in self.polygons]

    @property
    def corners(self) -> int:
        return sum(len(ring) - 1 for polygon in self.polygons for ring in polygon)


@dataclass(frozen=True, slots=True)
class Boundaries:
    """A checked file, with ``outlines`` of the operation's desa only.

    ``unknown``: codes in the file that the operation does not have; ``without``: its desa that the file does
    not have; ``remarks``: (code, what, detail) to look at, none of which stops anything. ``checked``: whether
    crossings and overlaps were looked for, which needs shapely.
    """

    file: str
    digest: str
    outlines: Mapping[str, Outline]
    property: str
    unknown: tuple[str, ...] = ()
    without: tuple[str, ...] = ()
    remarks: tuple[tuple[str, str, str], ...] = ()
    checked: bool = True


def read_boundaries(raw: bytes, name: str, desa: Sequence[Desa], *, code_property: str = "") -> Boundaries:
    """Boundaries of the villages in ``desa``, from the bytes of a GeoJSON FeatureCollection.

    ``code_property``: which property holds the code; blank looks for the usual names, then at the feature's
    id. Raises :class:`ImportRefused` with every problem: ``row`` is the number of the feature from 1. Whether
    a boundary crosses itself is asked of the villages in ``desa`` only, and where shapely is installed.
    """
    features = _features(raw, name)
    problems: list[Problem] = []
    found = code_property or _code_property(features)
    outlines: dict[str, Outline] = {}
    names: dict[str, str] = {}
    known = {d.kode: d for d in desa}
    checked = shapes.installed()
    budget = MAX_POSITIONS
    for number, feature in enumerate(features, 1):
        at = _Where(name, number, problems)
        kode = _kode(feature, found, at)
        polygons = _polygons(feature, at)
        budget -= sum(len(r) for p in polygons or () for r in p)
        if budget < 0:
            most = N_("paling banyak {} titik").format(f"{MAX_POSITIONS:,}").replace(",", ".")
            raise refused(name, most, N_("terlalu banyak titik"))
        if kode is None or polygons is None:
            continue
        if kode in outlines:
            at.says(found or "id", kode, N_("satu fitur per desa (gabungkan menjadi MultiPolygon)"))
            continue
        if checked and kode in known and (crossed := shapes.wrong(_parts(feature))):
            at.says("coordinates", crossed, SOUND)
        outlines[kode] = Outline(kode, polygons)
        names[kode] = _name(feature)
    if not problems and known and not outlines.keys() & known.keys():
        codes = ", ".join(sorted(outlines)[:3])
        problems.append(
            Problem(name, "", None, found or "id", codes, "kode desa operasi ini, misalnya " + min(known))
        )
    if problems:
        raise ImportRefused(problems[:MAX_PROBLEMS])
    ours = {k: o for k, o in sorted(outlines.items()) if k in known}
    return Boundaries(
        file=name,
        digest=hashlib.sha256(raw).hexdigest(),
        outlines=MappingProxyType(ours),
        property=found or "id",
        unknown=tuple(sorted(outlines.keys() - known.keys())),
        without=tuple(sorted(known.keys() - outlines.keys())),
        remarks=(*_remarks(ours, known, names), *(_overlapping(ours, known) if checked else ())),
        checked=checked,
    )


def _remarks(
    outlines: Mapping[str, Outline], known: Mapping[str, Desa], names: Mapping[str, str]
) -> Iterator[tuple[str, str, str]]:
    """A name that is another, a village point outside its own boundary: most often a wrong code."""
    for kode, outline in outlines.items():
        desa = known[kode]
        if names[kode] and _letters(names[kode]) != _letters(desa.nama):
            yield kode, "nama", names[kode]
        if desa.at is not None and not inside((desa.at.lng, desa.at.lat), outline.polygons):
            yield kode, "titik", f"{desa.at.lat:.5f}, {desa.at.lng:.5f}"


def _overlapping(
    outlines: Mapping[str, Outline], known: Mapping[str, Desa]
) -> Iterator[tuple[str, str, str]]:
    """Ground that two villages of the file claim, the largest first."""
    for o in shapes.overlaps({k: outline.polygons for k, outline in outlines.items()}):
        ground = f"{o.hectares:.1f} ha".replace(".", ",")
        yield o.one, "tumpang", f"{known[o.other].nama} ({o.other}), {ground}"


def _letters(name: str) -> str:
    return "".join(c for c in name.casefold() if c.isalnum())


# ---------------------------------------------------------------- the file


def _never(constant: str) -> float:
    raise ValueError(f"{constant} bukan angka")


def _features(raw: bytes, name: str) -> list[Any]:
    if len(raw) > MAX_BYTES:
        raise refused(name, N_("berkas paling besar {} MB").format(MAX_BYTES // 1_000_000))
    try:
        data = json.loads(decoded(raw), parse_constant=_never)
    except (ValueError, RecursionError) as error:
        raise refused(name, N_("GeoJSON yang utuh")) from error
    if not isinstance(data, dict):
        raise refused(name, "FeatureCollection", show(data))
    crs = _crs(data["crs"]) if data.get("crs") else WGS84[0]
    if not any(code in crs for code in WGS84):
        raise refused(name, N_("koordinat WGS 84 (EPSG:4326), bujur lalu lintang"), show(f"crs {crs}"))
    if data.get("type") == "Feature":
        data = {"type": "FeatureCollection", "features": [data]}
    features = data.get("features")
    if data.get("type") != "FeatureCollection" or not isinstance(features, list) or not features:
        raise refused(name, N_("FeatureCollection yang berisi fitur"), show(data.get("type")))
    if len(features) > MAX_FEATURES:
        most = N_("paling banyak {} fitur").format(MAX_FEATURES)
        raise refused(name, most, N_("{} fitur").format(len(features)))
    return features


def _crs(found: object) -> str:
    try:
        return json.dumps(found)
    except RecursionError:
        return type(found).__name__


@dataclass(frozen=True, slots=True)
class _Where:
    file: str
    number: int
    problems: list[Problem]

    def says(self, column: str, found: object, expected: str) -> None:
        self.problems.append(Problem(self.file, "", self.number, column, show(found), expected))


def _properties(feature: Any) -> Mapping[str, Any]:
    """Its properties by name, without regard to case."""
    found = feature.get("properties") if isinstance(feature, dict) else None
    return {str(k).casefold(): v for k, v in found.items()} if isinstance(found, dict) else {}


def _code_property(features: Sequence[Any]) -> str:
    """The first of the usual names whose value reads as a code in some feature; "" for the feature's id."""
    for wanted in CODE_PROPERTIES:
        if any(_as_kode(_properties(f).get(wanted)) for f in features[:50]):
            return wanted
    return ""


def _as_kode(value: object) -> str | None:
    try:
        return kode_desa(value) if isinstance(value, str | int | float) else None
    except BadCell:
        return None


def _kode(feature: Any, wanted: str, at: _Where) -> str | None:
    if not isinstance(feature, dict) or feature.get("type") != "Feature":
        at.says("", type(feature).__name__, "Feature")
        return None
    value = _properties(feature).get(wanted.casefold()) if wanted else feature.get("id")
    try:
        return kode_desa(value if isinstance(value, str | int | float) else "")
    except BadCell as bad:
        expected = str(bad) or N_("kode desa seperti 35.14.05.2001 atau 3514052001")
        at.says(wanted or "id", value, expected)
        return None


def _name(feature: Any) -> str:
    properties = _properties(feature)
    return next((show(properties[n]) for n in NAME_PROPERTIES if properties.get(n)), "")


# ---------------------------------------------------------------- geometry


def _polygons(feature: Any, at: _Where) -> tuple[Polygon, ...] | None:
    """The polygons of a feature, or None after saying what is wrong."""
    geometry = feature.get("geometry") if isinstance(feature, dict) else None
    kind = geometry.get("type") if isinstance(geometry, dict) else None
    if kind not in ("Polygon", "MultiPolygon"):
        at.says("geometry", kind, N_("Polygon atau MultiPolygon"))
        return None
    parts = _parts(feature)
    if not isinstance(parts, list) or not parts:
        at.says("coordinates", "kosong", N_("paling sedikit satu cincin"))
        return None
    out = []
    for part in parts:
        if not isinstance(part, list) or not part:
            at.says("coordinates", part or "kosong", N_("daftar cincin"))
            return None
        rings = [_ring(r, at) for r in part]
        if any(r is None for r in rings):
            return None
        out.append(tuple(_turned(r, hole=bool(k)) for k, r in enumerate(rings) if r))
    return tuple(out)


def _parts(feature: Any) -> Any:
    """Its coordinates as those of a MultiPolygon, whatever they are."""
    geometry = feature["geometry"]
    parts = geometry.get("coordinates")
    return [parts] if geometry["type"] == "Polygon" else parts


def _ring(ring: object, at: _Where) -> Ring | None:
    if not isinstance(ring, list) or len(ring) < 4:
        at.says(
            "coordinates",
            N_("cincin {} titik").format(len(ring) if isinstance(ring, list) else 0),
            N_("paling sedikit 4 titik"),
        )
        return None
    points: list[Position] = []
    south, north, west, east = INDONESIA
    for position in ring:
        if (
            not isinstance(position, list)
            or len(position) < 2
            or any(isinstance(v, bool) or not isinstance(v, int | float) for v in position[:2])
            or not all(-1e9 < v < 1e9 for v in position[:2])  # also no infinity
        ):
            at.says("coordinates", position, N_("bujur dan lintang sebagai angka"))
            return None
        lng, lat = float(position[0]), float(position[1])
        if not (west <= lng <= east and south <= lat <= north):
            swapped = west <= lat <= east and south <= lng <= north
            hint = (
                "; bujur dan lintang tertukar? tulis bujur dulu"
                if swapped
                else "; koordinat UTM? ubah ke WGS 84"
            )
            at.says(
                "coordinates",
                f"{lng:g}, {lat:g}",
                N_("bujur 94,5 sampai 141,5 dan lintang -11,5 sampai 6,5") + hint,
            )
            return None
        points.append((round(lng, DECIMALS), round(lat, DECIMALS)))
    if points[0] != points[-1]:
        at.says("coordinates", N_("cincin terbuka"), N_("titik terakhir sama dengan titik pertama"))
        return None
    if len(set(points)) < 3 or abs(area(points)) < LEAST_AREA:
        at.says(
            "coordinates",
            N_("cincin tanpa luas"),
            N_("cincin yang melingkupi luas; hapus cincin itu, atau gambar ulang bila garisnya bersilangan"),
        )
        return None
    return tuple(points)


def _turned(ring: Ring, *, hole: bool) -> Ring:
    """The ring in the direction that RFC 7946 asks for."""
    return ring if (area(ring) > 0) != hole else ring[::-1]
