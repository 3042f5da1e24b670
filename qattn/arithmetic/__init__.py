"""Inner products compared with a threshold: the sign bit of A.X_j - T."""
