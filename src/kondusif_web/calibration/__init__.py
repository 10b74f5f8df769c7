"""After the vote: classes against what happened, here and at past votes (method 10). Nothing is applied."""
