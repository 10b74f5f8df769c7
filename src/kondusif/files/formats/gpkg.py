"""GeoPackage through pyogrio and shapely, an extra: classes and scores where a map program finds them."""

from __future__ import annotations

import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from kondusif.files.export import MARK_COLUMN, Export, Format, MapShape, Value, columns_of, missing

CRS = "EPSG:4326"


def package_bytes(export: Export) -> bytes:
    """The shapes of an export. A layer of places with and without boundary is two layers: one kind each.

    Shapes with a boundary go to layer ``NAME``, those with a point only to ``NAME_titik``; a place without
    both is in neither. Yes and no become 1 and 0. Raises ExtraMissing without pyogrio and shapely.
    """
    try:
        import pyogrio.raw
        import shapely
    except ImportError as error:
        raise missing("GeoPackage", "gis") from error
    layers: dict[str, tuple[str, list[MapShape], list[Any]]] = {}
    for shape in export.shapes:
        if shape.polygons:
            kind, name = "MultiPolygon", shape.layer
            geometry = shapely.MultiPolygon([(p[0], list(p[1:])) for p in shape.polygons])
        elif shape.at is not None:
            kind, name = "Point", f"{shape.layer}_titik"
            geometry = shapely.Point(shape.at.lng, shape.at.lat)
        else:
            continue
        _, shapes, geometries = layers.setdefault(name, (kind, [], []))
        shapes.append(shape)
        geometries.append(geometry)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "peta.gpkg"
        for number, (name, (kind, shapes, geometries)) in enumerate(layers.items()):
            fields = (*columns_of([s.facts for s in shapes]), MARK_COLUMN)
            columns = [
                _column([{**s.facts, MARK_COLUMN: export.mark}.get(f) for s in shapes]) for f in fields
            ]
            pyogrio.raw.write(
                path,
                geometry=np.array(shapely.to_wkb(geometries), dtype=object),
                field_data=[data for data, _ in columns],
                field_mask=[mask for _, mask in columns],
                fields=list(fields),
                layer=name,
                driver="GPKG",
                geometry_type=kind,
                crs=CRS,
                append=number > 0,
                dataset_metadata={"title": export.title, "tanda": export.mark} if number == 0 else None,
            )
        return path.read_bytes() if layers else b""


def _column(values: Sequence[Value]) -> tuple[np.ndarray[Any, Any], np.ndarray[Any, Any]]:
    """Values of one field and the mask of those that are missing."""
    absent = np.array([v is None for v in values])
    there = [v for v in values if v is not None]
    if there and all(isinstance(v, int) for v in there):  # a bool is an int as well
        return np.array([0 if v is None else int(v) for v in values], dtype=np.int64), absent  # type: ignore[arg-type]
    if there and all(isinstance(v, int | float) for v in there):
        return np.array([0.0 if v is None else float(v) for v in values]), absent  # type: ignore[arg-type]
    return np.array(["" if v is None else str(v) for v in values], dtype=object), absent


FORMAT = Format(
    "gpkg",
    "GeoPackage",
    "gpkg",
    "application/geopackage+sqlite3",
    package_bytes,
    {
        "id": "Desa dan TPS dengan kelas dan nilai, untuk QGIS.",
        "en": "Villages and TPS with class and score, for QGIS.",
    },
    extra="gis",
    maps=True,
)
