"""Why a score is what it is: contributions, change, what would change the class."""
