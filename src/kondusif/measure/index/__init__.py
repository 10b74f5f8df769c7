"""Any composite index, on whole columns: one step, one file, in the order in which they run.

1. ``tree``       indicators and aggregates, a hierarchy of any depth
2. ``data``       one matrix of raw answers; what is missing is typed
3. ``screen``     which units have enough data
4. ``denominate`` divide by another column
5. ``impute``     fill what is missing, only where the recipe says so
6. ``treat``      outliers, never by default: rare incidents are the signal
7. ``normalise``  every column to one scale
8. ``weigh``      how much each child counts in its parent
9. ``aggregate``  children to parents, up to the top
10. ``classes``   a score to a class

``recipe`` holds the settings of every step; ``build`` runs them. ``contribute`` and ``change`` explain a
score, ``uncertainty`` and ``sobol`` shake it, ``audit`` and ``compare`` question it.
"""
