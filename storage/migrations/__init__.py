"""Alembic's migrations. `storage.revisions` runs them; the bot does so at its start only."""
