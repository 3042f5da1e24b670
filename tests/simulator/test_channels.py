"""Channels of Pauli errors, ours and Aer's."""

import pytest
from qiskit_aer.noise import NoiseModel, amplitude_damping_error, depolarizing_error, pauli_error

from qattn.simulator.channels import Channel, aer_channels


def test_a_channel_adds_its_chances_up():
    channel = Channel(("X", "Z"), (0.1, 0.2))
    assert channel.total == pytest.approx(0.3)
    assert channel.sums == pytest.approx([0.1, 0.3])


def test_joint_errors_of_aer_are_kept_and_others_refused():
    model = NoiseModel()
    model.add_all_qubit_quantum_error(pauli_error([("XX", 0.25), ("II", 0.75)]), "cx")
    model.add_all_qubit_quantum_error(depolarizing_error(0.4, 1), "x")
    found = {key[0]: channels for key, channels in aer_channels(model).items()}
    [joint] = found["cx"]
    assert dict(zip(joint.errors, joint.chances, strict=True))["XX"] == pytest.approx(0.25)
    [single] = found["x"]
    assert single.total == pytest.approx(0.3)
    bad = NoiseModel()
    bad.add_all_qubit_quantum_error(amplitude_damping_error(0.1), "x")
    with pytest.raises(ValueError, match="Pauli"):
        aer_channels(bad)
