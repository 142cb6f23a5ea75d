"""From paths to the notebooks that were handed in, each under its student's name."""
