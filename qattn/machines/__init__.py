"""From circuits to integers: any Qiskit sampler, Aer by default."""

import os

# Aer's threads spin while they wait, unless told otherwise before Aer loads: on busy cores a small circuit then takes
# 20 times longer (26 s for 1.1 s of work, measured with both cores shared). On idle cores the two are equal.
os.environ.setdefault("OMP_WAIT_POLICY", "passive")
