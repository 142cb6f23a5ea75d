"""``python -m tools site``: the chapters as web pages that load nothing from elsewhere."""
