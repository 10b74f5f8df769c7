"""Questions to an index: statistics, correlations, outranking, comparison, levels of area."""
