"""From marks to files: pages, tables, and what other programs read."""
