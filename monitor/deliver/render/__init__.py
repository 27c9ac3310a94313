"""What recipients read, drawn from a message's facts: e-mail, Slack and plain text."""
