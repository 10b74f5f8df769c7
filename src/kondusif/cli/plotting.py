"""``kondusif plot``: a figure from the files that ``kondusif measure --out`` wrote."""

from __future__ import annotations

import json
from argparse import Namespace
from collections.abc import Mapping
from itertools import pairwise
from math import isfinite, nan
from pathlib import Path
from typing import Any

from kondusif import plots
from kondusif.cli.comparable import scale_differences
from kondusif.cli.terminal import Result, UsageError
from kondusif.errors import ImportRefused, Problem
from kondusif.plots import FORMATS, MARK, Caption, ClassScale, save
from kondusif.plots.folder import Folder
from kondusif_index.tables.columns import UNIT, read_columns
from kondusif_index.tables.read import refused

FIGURES: Mapping[str, str] = {  # the titles of the kinds
    "bars": "Skor menurut peringkat dan unsurnya",
    "strip": "Satuan pada sumbu skor menurut kelas",
    "heat": "Indikator tiap satuan",
    "correlations": "Korelasi antarindikator",
    "slope": "Skor sebelum dan sesudah",
    "map": "Kelas menurut wilayah",
}
MOST = {"bars": 40, "heat": 60}


def plot(options: Namespace) -> Result:
    """Draws one figure. Raises ``ExtraMissing`` without matplotlib."""
    if options.out.suffix.lower().lstrip(".") not in FORMATS:
        raise UsageError(f"--out {options.out.name}: pakai .png, .svg atau .pdf")
    if options.most is not None and options.most < 0:
        raise UsageError(f"--most {options.most}: 0 untuk semua, atau lebih")

    folder = Folder(options.folder, options.code or "", _parents(options.meta))
    later = Folder(options.later, options.code or "") if options.later else None
    invented = options.illustrative or folder.illustrative or bool(later and later.illustrative)
    warned = scale_differences(options.folder, options.later) if later and options.kind == "slope" else ()
    credit = options.credit or f"{options.folder.name}, kondusif measure"
    if warned:
        credit += "; dibuat dengan cara yang berbeda"
    caption = Caption(options.title or FIGURES[options.kind], credit, invented)
    figure, lost = _figure(options, folder, later, caption)
    options.out.parent.mkdir(parents=True, exist_ok=True)
    save(figure, options.out)
    document: dict[str, Any] = {"file": str(options.out), "mark": MARK if invented else ""}
    document |= {"warnings": list(warned)}
    lines = [f"Ditulis: {options.out}", *(f"Perhatikan: {text}." for text in warned)]
    if lost:
        document |= {"without_boundary": list(lost)}
        lines.append(f"{len(lost)} satuan tanpa batas wilayah, tidak tergambar: {', '.join(lost)}")
    return Result(document, lines)


def _figure(
    options: Namespace, folder: Folder, later: Folder | None, caption: Caption
) -> tuple[Any, tuple[str, ...]]:
    """The figure, and the units that it could not place."""
    if options.kind != "map":
        return _chart(options, folder, later, caption), ()
    if options.boundaries is None:
        raise UsageError("map memerlukan --boundaries, berkas GeoJSON")
    data = folder.map(_places(options))
    return plots.class_map(data, caption, _scale(options, folder)), data.without_place


def _chart(options: Namespace, folder: Folder, later: Folder | None, caption: Caption) -> Any:
    most = MOST.get(options.kind) if options.most is None else options.most or None
    if options.kind == "bars":
        return plots.ranked_bars(folder.bars(), caption, _scale(options, folder), most=most)
    if options.kind == "strip":
        groups = _groups(options.data, options.group)
        return plots.class_strip(folder.strip(groups), caption, _scale(options, folder))
    if options.kind == "heat":
        return plots.heat_map(folder.heat(), caption, most=most)
    if options.kind == "correlations":
        return plots.correlation_map(folder.correlations(options.method), caption)
    if later is None:
        raise UsageError("slope memerlukan --with, hasil yang sesudah")
    names = [name.strip() for name in options.names.split(",")]
    if len(names) != 2 or not all(names):
        raise UsageError(f"--names {options.names}: dua nama, misalnya 2019,2021")
    slope = folder.slope(later, (names[0], names[1]))
    return plots.before_after(slope, caption, _scale(options, folder))


def _scale(options: Namespace, folder: Folder) -> ClassScale:
    """Names and cut-offs as asked for, else those of ``cuts.csv``; without names the three of the product, or
    numbers where there are more classes."""
    names, steps = folder.steps
    cuts, axis = _numbers("--cuts", options.cuts), _numbers("--axis", options.axis) or (0.0, 100.0)
    if len(axis) != 2 or not axis[0] < axis[1]:
        raise UsageError(f"--axis {options.axis}: tulis seperti 0,40")
    highest = max(folder.levels(), default=0)
    if not options.cuts:
        cuts = steps
    if options.labels:
        labels = tuple(x.strip() for x in options.labels.split(","))
    elif names and all(names) and (not options.cuts or len(cuts) == len(steps)):
        labels = names
    else:
        many = max(len(cuts) + 1 if cuts else highest, 1)
        labels = ClassScale().labels if many == 3 else tuple(f"Kelas {k}" for k in range(1, many + 1))
    if highest > len(labels):
        raise UsageError(
            f"classes.csv memuat kelas {highest}, tetapi hanya ada {len(labels)} nama atau batas"
        )
    if cuts and len(cuts) != len(labels) - 1:
        raise UsageError(
            f"{len(cuts)} batas dan {len(labels)} nama kelas; nama satu lebih banyak daripada batas"
        )
    if any(b <= a for a, b in pairwise(cuts)):
        raise UsageError(f"--cuts {options.cuts}: tulis dari yang terendah")
    return ClassScale(labels, cuts, axis[0], axis[1])


def _numbers(option: str, text: str | None) -> tuple[float, ...]:
    try:
        found = tuple(float(x) for x in text.split(",")) if text else ()
    except ValueError:
        found = (nan,)
    if not all(map(isfinite, found)):
        raise UsageError(f"{option} {text}: tulis seperti 20,40")
    return found


def _parents(path: Path | None) -> dict[str, str] | None:
    """What each indicator belongs to, of ``iMeta.csv``."""
    return _by_key(path, "iCode", "Parent", whole=False) if path else None


def _groups(path: Path | None, column: str | None) -> dict[str, str] | None:
    """What each unit belongs to, of a column of ``iData.csv``."""
    if column is None:
        return None
    if path is None:
        raise UsageError("--group memerlukan --data, berkas yang memuat kolom itu")
    return _by_key(path, UNIT, column)


def _by_key(path: Path, key: str, value: str, *, whole: bool = True) -> dict[str, str]:
    return {row[key]: row[value] for row in read_columns(path, whole=whole).rows(key, value)}


def _places(options: Namespace) -> tuple[plots.Place, ...]:
    path = options.boundaries
    return plots.places_of(_geojson(path), options.key, file=path.name)


def _geojson(path: Path) -> Mapping[str, Any]:
    try:
        found = json.loads(path.read_bytes().decode("utf-8-sig"))
    except json.JSONDecodeError as error:
        wrong = Problem(path.name, "", error.lineno, "", "bukan JSON yang sah", "GeoJSON FeatureCollection")
        raise ImportRefused([wrong]) from None
    except UnicodeDecodeError:
        raise refused(path.name, "berkas UTF-8", "bukan UTF-8") from None
    except RecursionError:
        raise refused(path.name, "GeoJSON FeatureCollection", "kurung yang terlalu dalam") from None
    if not isinstance(found, dict):
        raise ImportRefused([Problem(path.name, "", None, "", "bukan objek", "GeoJSON FeatureCollection")])
    return found
