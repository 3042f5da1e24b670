"""Phase oracles: which indices get the sign."""
