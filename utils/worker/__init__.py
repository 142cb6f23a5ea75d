"""The learner's side of grading: what runs in the sandbox and speaks to the judge by frames.

A pristine parent that has loaded NumPy and this package forks a child for every task: reading a
notebook, running an exercise. Neither has ever held a reference, a hidden case or a solution.
"""
