"""The fixed patterns that offices use today: the baseline of a plan (RULES 11, all [P]).

Fields are named because a bare triple is read differently from regency to regency. A per-village pattern
belongs to the years of one station per village; :mod:`kondusif.plan.problem` spreads it over several.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from kondusif.forces import PatternSet, Pola, Strength
from kondusif.words import N_

EAST_JAVA_2021_2023 = PatternSet(
    kode="jatim-2021-2023",
    nama=N_("Jawa Timur 2021-2023, per TPS"),
    source=N_(
        "Lumajang 2021 (1/2/3 polisi), Mojokerto Kota 2022 (94 polisi dan 188 Linmas di 47/13/7 TPS), "
        "Malang 2023 (3 polisi, 3 TNI, 6 Linmas di TPS Sangat Rawan); TNI hanya dari Malang. Usulan [P]"
    ),
    levels=MappingProxyType(
        {
            1: (Pola(Strength(polri=1, linmas=2)),),
            2: (Pola(Strength(polri=2, linmas=4)),),
            3: (Pola(Strength(polri=3, tni=3, linmas=6)),),
        }
    ),
)

MOJOKERTO_2019 = PatternSet(
    kode="mojokerto-2019",
    nama=N_("Mojokerto 2019, per desa"),
    source=N_(
        "Polres Mojokerto 2019: 40 desa Sangat Rawan 15 polisi, 152 desa Rawan 7 polisi, 1 TNI dan 15 Linmas "
        "per desa. Kelas aman sengaja tidak dipakai, jadi tidak ada pola untuk tingkat 1. Usulan [P]"
    ),
    levels=MappingProxyType(
        {
            2: (Pola(Strength(polri=7, tni=1, linmas=15), per="desa"),),
            3: (Pola(Strength(polri=15, tni=1, linmas=15), per="desa"),),
        }
    ),
)

LAMONGAN_2019 = PatternSet(
    kode="lamongan-2019",
    nama=N_("Lamongan 2019, per desa"),
    source=N_(
        "Polres Lamongan 2019, 385 desa: 2/4/6 polisi, 2 TNI, 2 Satpol PP, 10 Linmas per desa "
        "(3.850 Linmas, 770 TNI, 770 Satpol PP). Usulan [P]"
    ),
    levels=MappingProxyType(
        {
            1: (Pola(Strength(polri=2, tni=2, satpol=2, linmas=10), per="desa"),),
            2: (Pola(Strength(polri=4, tni=2, satpol=2, linmas=10), per="desa"),),
            3: (Pola(Strength(polri=6, tni=2, satpol=2, linmas=10), per="desa"),),
        }
    ),
)

PATTERN_SETS: Mapping[str, PatternSet] = MappingProxyType(
    {p.kode: p for p in (EAST_JAVA_2021_2023, MOJOKERTO_2019, LAMONGAN_2019)}
)
