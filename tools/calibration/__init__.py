"""How far right answers are from each other and wrong ones from them, and tolerances between."""
