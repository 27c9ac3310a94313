"""What `doctor` looks at: each check gives findings, each finding a remedy."""
