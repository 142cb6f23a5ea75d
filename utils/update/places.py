"""Where things lie that an update goes by; known to those who make learners' trees, too."""

# In a student tree: what it says of itself, and its notebooks as they came.
MANIFEST = ".student-tree"
STARTER = "chapters/checks/{chapter}.starter"
# In the project's work/: what its notebooks began as, by language, and what they were judged by.
STARTERS = ".starters"
# Copies of what an update has changed.
BACKUPS = "backups"
# In it, while an update is at work: what it is going to do.
JOURNAL = "unfinished.json"
# In it, too, so that a second update waits its turn.
LOCK = "update.lock"
