"""The first schema.

Revision ID: 0001
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
MOMENT = sa.DateTime(timezone=True).with_variant(sa.String(27), "sqlite")


def upgrade() -> None:
    make_records()
    make_watches()
    make_versions()
    make_suspects()
    make_changes()
    make_alerts()
    make_passes()


def make_records() -> None:
    op.create_table(
        "meta",
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("value", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("key", name="pk_meta"),
    )
    op.create_table(
        "records",
        sa.Column("id", ID, nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("source_id", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("registry_id", sa.Text(), nullable=True),
        sa.Column("title", sa.Text(), nullable=True),
        sa.Column("sponsor", sa.Text(), nullable=True),
        sa.Column("overall_status", sa.Text(), nullable=True),
        sa.Column("latest", sa.Integer(), nullable=True),
        sa.Column("raw_hash", sa.Text(), nullable=True),
        sa.Column("data_timestamp", sa.Text(), nullable=True),
        sa.Column("open_reason", sa.Text(), nullable=True),
        sa.Column("verified_at", MOMENT, nullable=True),
        sa.Column("checked_at", MOMENT, nullable=True),
        sa.Column("next_due", MOMENT, nullable=True),
        sa.Column("failures", sa.Integer(), nullable=False),
        sa.Column("failing_since", MOMENT, nullable=True),
        sa.Column("absences", sa.Text(), nullable=True),
        sa.Column("losses", sa.Text(), nullable=True),
        sa.Column("merged_into", sa.Text(), nullable=True),
        sa.Column("welcomed_at", MOMENT, nullable=True),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_records"),
        sa.UniqueConstraint("source", "source_id", name="uq_records_source_source_id"),
    )
    op.create_index("ix_records_registry_id", "records", ["registry_id"], unique=False)
    op.create_table(
        "aliases",
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("source_id", sa.Text(), nullable=False),
        sa.Column("record_id", ID, nullable=False),
        sa.Column("added_at", MOMENT, nullable=False),
        sa.ForeignKeyConstraint(["record_id"], ["records.id"], name="fk_aliases_record_id"),
        sa.PrimaryKeyConstraint("source", "source_id", name="pk_aliases"),
    )
    op.create_index("ix_aliases_record_id", "aliases", ["record_id"], unique=False)


def make_watches() -> None:
    op.create_table(
        "watches",
        sa.Column("id", ID, nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("source_id", sa.Text(), nullable=False),
        sa.Column("reference", sa.Text(), nullable=False),
        sa.Column("label", sa.Text(), nullable=True),
        sa.Column("reads", sa.Text(), nullable=False),
        sa.Column("every_seconds", sa.Integer(), nullable=True),
        sa.Column("in_file", sa.Boolean(), nullable=False),
        sa.Column("by_command", sa.Boolean(), nullable=False),
        sa.Column("file_tags", sa.Text(), nullable=False),
        sa.Column("command_tags", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("changed_at", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_watches"),
        sa.UniqueConstraint("source", "source_id", name="uq_watches_source_source_id"),
    )
    op.create_table(
        "watch_records",
        sa.Column("watch_id", ID, nullable=False),
        sa.Column("record_id", ID, nullable=False),
        sa.ForeignKeyConstraint(["record_id"], ["records.id"], name="fk_watch_records_record_id"),
        sa.ForeignKeyConstraint(["watch_id"], ["watches.id"], name="fk_watch_records_watch_id"),
        sa.PrimaryKeyConstraint("watch_id", "record_id", name="pk_watch_records"),
    )
    op.create_index("ix_watch_records_record_id", "watch_records", ["record_id"], unique=False)


def make_versions() -> None:
    op.create_table(
        "bodies",
        sa.Column("digest", sa.Text(), nullable=False),
        sa.Column("media_type", sa.Text(), nullable=False),
        sa.Column("codec", sa.Text(), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=True),
        sa.Column("pruned_at", MOMENT, nullable=True),
        sa.PrimaryKeyConstraint("digest", name="pk_bodies"),
    )
    op.create_table(
        "versions",
        sa.Column("id", ID, nullable=False),
        sa.Column("record_id", ID, nullable=False),
        sa.Column("series", sa.Text(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("observed_at", MOMENT, nullable=False),
        sa.Column("posted", sa.Text(), nullable=True),
        sa.Column("data_timestamp", sa.Text(), nullable=True),
        sa.Column("content_hash", sa.Text(), nullable=False),
        sa.Column("normaliser_version", sa.Integer(), nullable=False),
        sa.Column("body_digest", sa.Text(), nullable=False),
        sa.Column("section_digests", sa.Text(), nullable=False),
        sa.Column("carried", sa.Text(), nullable=False),
        sa.Column("previous_hash", sa.Text(), nullable=True),
        sa.Column("chain_hash", sa.Text(), nullable=False),
        sa.CheckConstraint("number >= 1", name=op.f("ck_versions_counts_from_one")),
        sa.ForeignKeyConstraint(["body_digest"], ["bodies.digest"], name="fk_versions_body_digest"),
        sa.ForeignKeyConstraint(["record_id"], ["records.id"], name="fk_versions_record_id"),
        sa.PrimaryKeyConstraint("id", name="pk_versions"),
        sa.UniqueConstraint("record_id", "series", "number", name="uq_versions_record_id_series_number"),
    )
    op.create_index("ix_versions_body_digest", "versions", ["body_digest"], unique=False)
    op.create_table(
        "version_sections",
        sa.Column("version_id", ID, autoincrement=False, nullable=False),
        sa.Column("codec", sa.Text(), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.Column("pruned", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["version_id"], ["versions.id"], name="fk_version_sections_version_id"),
        sa.PrimaryKeyConstraint("version_id", name="pk_version_sections"),
    )


def make_suspects() -> None:
    op.create_table(
        "suspects",
        sa.Column("id", ID, nullable=False),
        sa.Column("record_id", ID, nullable=False),
        sa.Column("body_digest", sa.Text(), nullable=False),
        sa.Column("reasons", sa.Text(), nullable=False),
        sa.Column("seen_at", MOMENT, nullable=False),
        sa.Column("last_seen_at", MOMENT, nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("decided_at", MOMENT, nullable=True),
        sa.ForeignKeyConstraint(["body_digest"], ["bodies.digest"], name="fk_suspects_body_digest"),
        sa.ForeignKeyConstraint(["record_id"], ["records.id"], name="fk_suspects_record_id"),
        sa.PrimaryKeyConstraint("id", name="pk_suspects"),
        sa.UniqueConstraint("record_id", "body_digest", name="uq_suspects_record_id_body_digest"),
    )
    op.create_index("ix_suspects_state", "suspects", ["state"], unique=False)


def make_changes() -> None:
    op.create_table(
        "changes",
        sa.Column("id", ID, nullable=False),
        sa.Column("record_id", ID, nullable=False),
        sa.Column("from_version", sa.Integer(), nullable=False),
        sa.Column("to_version", sa.Integer(), nullable=False),
        sa.Column("observed_at", MOMENT, nullable=False),
        sa.Column("category", sa.Text(), nullable=False),
        sa.Column("path", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("severity_rank", sa.Integer(), nullable=False),
        sa.Column("cause", sa.Text(), nullable=False),
        sa.Column("sentence", sa.Text(), nullable=False),
        sa.Column("before", sa.Text(), nullable=True),
        sa.Column("after", sa.Text(), nullable=True),
        sa.Column("detail", sa.Text(), nullable=False),
        sa.Column("strong", sa.Text(), nullable=False),
        sa.Column("comparer_version", sa.Integer(), nullable=False),
        sa.Column("echo_due", MOMENT, nullable=True),
        sa.ForeignKeyConstraint(["record_id"], ["records.id"], name="fk_changes_record_id"),
        sa.PrimaryKeyConstraint("id", name="pk_changes"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_changes_echo_due", "changes", ["echo_due"], unique=False)
    op.create_index("ix_changes_observed_at", "changes", ["observed_at"], unique=False)
    op.create_index("ix_changes_record_id_to_version", "changes", ["record_id", "to_version"], unique=False)


def make_alerts() -> None:
    op.create_table(
        "alerts",
        sa.Column("id", ID, nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("destination", sa.Text(), nullable=False),
        sa.Column("recipient", sa.Text(), nullable=False),
        sa.Column("record_id", ID, nullable=True),
        sa.Column("from_version", sa.Integer(), nullable=True),
        sa.Column("to_version", sa.Integer(), nullable=True),
        sa.Column("condition", sa.Text(), nullable=True),
        sa.Column("change_ids", sa.Text(), nullable=False),
        sa.Column("facts", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("maybe_sent", sa.Boolean(), nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("next_attempt_at", MOMENT, nullable=True),
        sa.Column("not_before", MOMENT, nullable=True),
        sa.Column("sent_at", MOMENT, nullable=True),
        sa.Column("last_error", sa.Text(), nullable=True),
        sa.Column("holder", sa.Text(), nullable=True),
        sa.Column("lease_until", MOMENT, nullable=True),
        sa.ForeignKeyConstraint(["record_id"], ["records.id"], name="fk_alerts_record_id"),
        sa.PrimaryKeyConstraint("id", name="pk_alerts"),
        sa.UniqueConstraint("code", name="uq_alerts_code"),
        sa.UniqueConstraint("key", name="uq_alerts_key"),
        sqlite_autoincrement=True,
    )
    op.create_index(
        "ix_alerts_record_id_destination_recipient_id",
        "alerts",
        ["record_id", "destination", "recipient", "id"],
        unique=False,
    )
    op.create_index("ix_alerts_state_next_attempt_at", "alerts", ["state", "next_attempt_at"], unique=False)
    op.create_table(
        "attempts",
        sa.Column("alert_id", ID, nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("holder", sa.Text(), nullable=False),
        sa.Column("started_at", MOMENT, nullable=False),
        sa.Column("finished_at", MOMENT, nullable=True),
        sa.Column("outcome", sa.Text(), nullable=True),
        sa.Column("message", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(["alert_id"], ["alerts.id"], name="fk_attempts_alert_id"),
        sa.PrimaryKeyConstraint("alert_id", "number", name="pk_attempts"),
    )


def make_passes() -> None:
    op.create_table(
        "passes",
        sa.Column("id", ID, nullable=False),
        sa.Column("started_at", MOMENT, nullable=False),
        sa.Column("finished_at", MOMENT, nullable=True),
        sa.Column("outcomes", sa.Text(), nullable=False),
        sa.Column("sources", sa.Text(), nullable=False),
        sa.Column("problems", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_passes"),
    )
    op.create_table(
        "host_rests",
        sa.Column("host", sa.Text(), nullable=False),
        sa.Column("status", sa.Integer(), nullable=False),
        sa.Column("until", MOMENT, nullable=False),
        sa.Column("refusals", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("host", name="pk_host_rests"),
    )
    op.create_table(
        "conditions",
        sa.Column("id", ID, nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("open_key", sa.Text(), nullable=True),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("record_id", ID, nullable=True),
        sa.Column("facts", sa.Text(), nullable=False),
        sa.Column("first_seen", MOMENT, nullable=False),
        sa.Column("last_seen", MOMENT, nullable=False),
        sa.Column("passes", sa.Integer(), nullable=False),
        sa.Column("told_at", MOMENT, nullable=True),
        sa.Column("recovered_at", MOMENT, nullable=True),
        sa.Column("recovery_told_at", MOMENT, nullable=True),
        sa.ForeignKeyConstraint(["record_id"], ["records.id"], name="fk_conditions_record_id"),
        sa.PrimaryKeyConstraint("id", name="pk_conditions"),
        sa.UniqueConstraint("open_key", name="uq_conditions_open_key"),
    )


def downgrade() -> None:
    """None: a store is taken back by restoring the copy made before it was migrated."""
    raise NotImplementedError
