"""How far a learner is: kept in one file, which they may name, and nowhere else."""
