"""1. How vulnerable is each place?

Read ``catalogue`` (what is asked), ``answers`` (what was said, when, by whom), ``recipe`` (how answers are
weighed), then ``score`` (one number with every point of it accounted for). ``index`` and ``tables`` do the
same arithmetic for anyone's own hierarchy of indicators, on whole columns.
"""
