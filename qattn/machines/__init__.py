"""From circuits to integers: any Qiskit sampler, Aer by default."""
