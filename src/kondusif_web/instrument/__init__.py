"""The instrument of the office: versions of the recipe, drafted, compared, published by a second person."""
