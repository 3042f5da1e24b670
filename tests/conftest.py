"""Before any test imports Aer: its threads must not spin while workers share the cores (see qattn.machines)."""

import qattn.machines  # noqa: F401
