"""Options of a run, as the runtime's Sampler takes them."""

import pytest

from qattn.hardware.execution import Execution


def test_execution_options_are_the_samplers() -> None:
    options = Execution("XY4", True, False, 60).options("a-tag", 12)
    assert options["dynamical_decoupling"] == {"enable": True, "sequence_type": "XY4"}
    twirling = {"enable_gates": True, "enable_measure": False}
    assert options["twirling"] == {**twirling, "num_randomizations": 12, "shots_per_randomization": 1}
    assert Execution().options("a-tag", 100)["twirling"]["num_randomizations"] * 4 == 100
    plain = Execution(None, False, False).options("a-tag", 12)
    assert plain["twirling"] == {"enable_gates": False, "enable_measure": False}
    assert "dynamical_decoupling" not in plain
    assert options["environment"]["job_tags"] == ["a-tag", "qattn"]
    assert options["max_execution_time"] == 60
    with pytest.raises(ValueError, match="choose XX, XpXm, XY4 or None"):
        Execution("YY")
