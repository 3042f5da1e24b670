"""From circuits to integers: any Qiskit sampler, Aer by default."""

import os

# Aer's threads spin while they wait, unless told otherwise before Aer loads: on shared cores a small circuit then takes
# many times longer.
os.environ.setdefault("OMP_WAIT_POLICY", "passive")
