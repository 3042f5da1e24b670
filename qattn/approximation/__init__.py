"""Near and far field: B as sparse + low rank, its error, the paper's bounds."""
