"""The judge: what it knows of the chapters, and what it says of a submission's exercises."""
