"""Where strangers' code runs: processes that see no more of this machine than they need."""
