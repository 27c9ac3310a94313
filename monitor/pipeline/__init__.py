"""Joins the rooms: reading to verdict to stored rows, and outbox to recipients."""
