"""``python -m tools verify``: the gate that every chapter passes before anybody learns from it."""
