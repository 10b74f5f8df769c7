"""Who should stand where, and when? Demand (problem), plan (solve), re-check (verify), reasons (explain).

``kondusif.plan.solve`` is not imported here: it alone needs a solver.
"""
