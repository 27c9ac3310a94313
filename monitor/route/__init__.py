"""Rules and plans: which change is told to whom. Pure."""
