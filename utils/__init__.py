"""The field's library (reservoir, chaos, viewer, tqdm) and the checker (tester)."""
