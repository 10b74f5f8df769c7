"""Security at a village-head election, as the work itself runs.

Read the modules in the order of the work:

1. ``measure``    how vulnerable is each place? Answers become a score that explains itself.
2. ``classify``   which class, and how firm is that?
3. ``plan``       who should stand where, and from when?
4. ``deploy``     a plan becomes postings.
5. ``standby``    postures of a place and the moves between them.
6. ``withdraw``   gates that must be open before a unit leaves.
7. ``dialogue``   questions, answers, commitments.

``places``, ``forces``, ``stages`` and ``incidents`` are the nouns those verbs need; ``events`` and
``logbook`` are what is remembered; ``files`` and ``cli`` are the ways in and out. Nothing here knows Django,
a database, a clock or a network: the caller passes the time and the random generator.
"""

__version__ = "0.1.0"
