"""What it would take: logical and physical resources, crossovers with classical machines."""
