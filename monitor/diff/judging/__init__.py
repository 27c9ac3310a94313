"""What a criterion says of who can enter: its limits, its negations, and what an edit of its words does."""
