"""The field's library (reservoir, chaos, viewer, tqdm), the checker (tester) and its commands."""
