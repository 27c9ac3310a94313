"""A message that only tries a way to a recipient."""

from __future__ import annotations

import asyncio
from datetime import datetime

from monitor.model.alert import AlertKind, Recipient
from monitor.model.message import Message, TestMessage
from monitor.pipeline.post import Post
from monitor.store.alert_key import test_code


async def send_test(post: Post, recipient: Recipient, now: datetime) -> str:
    """Hand a test message to one recipient, at once and past the outbox; its code. Raises SendError."""
    message = Message(
        code=test_code(recipient, now),
        kind=AlertKind.TEST,
        content=TestMessage(destination=recipient.destination),
        created_at=now,
        timezone=post.timezone(recipient),
    )
    channel = await asyncio.to_thread(post.open, recipient)
    hand_over = await asyncio.to_thread(channel.write, message)
    await asyncio.to_thread(hand_over)
    return message.code
