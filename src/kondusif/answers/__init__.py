"""What was said about each place: which answers stand on a day, whether one may be taken, who agrees.

``answer`` is one answer and the log of them, ``check`` judges one that comes, ``agreement`` compares raters,
``last_vote`` offers values known from the vote before.
"""
