"""The instrument: what is asked about a place and how answers become a class.

``catalogue`` is the living table, one indicator a row and every rule a column. ``recipe`` is what one version
makes of it. ``published`` holds one frozen file per published version, with its digests: assessments are
made, shown and explained by those, so a change of the catalogue changes nothing that is published. ``edit``
makes another recipe from a recipe.
"""
