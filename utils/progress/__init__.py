"""How far a learner is: kept in the workspace, in one file, and sent nowhere."""
