"""The shell: qattn."""
