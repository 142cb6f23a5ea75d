"""What differs from one bootcamp's home to another's; said here and nowhere else."""

# Where the student branches student-en and student-ja are published; Colab clones them from here.
REPOSITORY = "https://github.com/reservoir-bootcamp/reservoir-computing-bootcamp"


def student_branch(lang: str) -> str:
    """The branch that a language's learners get; its versions are tags that begin like it."""
    return f"student-{lang}"
