# Everything runs in .venv, made on first use; only Python >= 3.11 and make are needed.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin

.PHONY: demo test slow transformers aqt braket bench lint notebooks docs circuits clean

demo: $(VENV)/base
	$(BIN)/qattn demo --out out/demo

test: $(VENV)/test
	$(BIN)/python -m pytest -q -n 2 -m "not slow"

slow: $(VENV)/test
	$(BIN)/python -m pytest -q -n 2 -m slow

# Models on PyTorch, a large download: the tests `make test` leaves out when torch is missing. TORCH picks a build.
TORCH ?= torch
transformers: $(VENV)/test
	$(BIN)/python -m pip install -q "$(TORCH)"
	$(BIN)/python -m pip install -q -e ".[transformers]"
	$(BIN)/python -m pytest -q tests/integrations

# Other providers' simulators on this machine, each in an environment of its own: AQT's provider wants another Qiskit than
# qattn's other tests, Braket's another cloudpickle than Dask.
aqt braket:
	$(PYTHON) -m venv .venv-$@
	.venv-$@/bin/python -m pip install -q -e . pytest qiskit-$@-provider
	.venv-$@/bin/python -m pytest -q --noconftest -o pythonpath=tests/hardware tests/hardware/test_samplers.py -k $@

bench: $(VENV)/test
	$(BIN)/python benchmarks/all.py

lint: $(VENV)/lint
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

notebooks: $(VENV)/test
	$(BIN)/python -m pytest -q --nbmake --nbmake-timeout=180 notebooks

# docs/_build/html/index.html; a warning is an error, and nothing is fetched.
docs: $(VENV)/docs
	$(BIN)/python -m sphinx -q -W --keep-going -b html docs docs/_build/html
	$(BIN)/python docs/_extensions/check_links.py docs/_build/html

circuits: $(VENV)/base
	$(BIN)/qattn circuits --out circuits

clean:
	rm -rf $(VENV) .venv-aqt .venv-braket out docs/_build .pytest_cache .mypy_cache .ruff_cache .hypothesis

$(BIN)/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
		{ echo "qattn needs Python 3.11 or newer; run: make PYTHON=python3.11 $(MAKECMDGOALS)"; exit 1; }
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install -q --upgrade pip

$(VENV)/base: pyproject.toml | $(BIN)/python
	$(BIN)/python -m pip install -q -e .
	@touch $@

$(VENV)/test: pyproject.toml | $(BIN)/python
	$(BIN)/python -m pip install -q -e ".[ibm,estimate,dask,notebooks,test]"
	@touch $@ $(VENV)/base

$(VENV)/docs: pyproject.toml | $(BIN)/python
	$(BIN)/python -m pip install -q -e ".[docs]"
	@touch $@ $(VENV)/base

$(VENV)/lint: pyproject.toml | $(BIN)/python
	$(BIN)/python -m pip install -q -e ".[test,lint]"
	@touch $@
