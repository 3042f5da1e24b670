"""Before any test imports Aer: its threads must not spin while workers share the cores (see `load_aer`)."""

from qattn.machines.aer import load_aer

load_aer()
