"""How vulnerable is each place, which class is that, and what made it so?

Read ``score`` (one number with every point of it accounted for), ``floors`` (facts that alone set a class),
then ``classify``. ``override`` is a commander's class beside it, ``certainty`` says how firm it is,
``explain`` what would change it, ``effect`` what another recipe would do, ``rounds`` what is owed when.
"""
