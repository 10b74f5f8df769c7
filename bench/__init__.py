"""Benchmarks anyone can run: ``make bench``."""

import os

# Before numpy is loaded: one thread per matrix product, so that figures compare and threads are ours alone.
for name in ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ.setdefault(name, "1")
