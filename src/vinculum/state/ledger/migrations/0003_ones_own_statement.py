"""Lets a dealer see every posting that moved its own money, as SQL beside this file."""

from pathlib import Path

from django.db import migrations

HERE = Path(__file__).parent


class Migration(migrations.Migration):
    """Runs 0003_ones_own_statement.up.sql; reversed by 0003_ones_own_statement.down.sql."""

    dependencies = [("state_ledger", "0002_state_accounts")]
    operations = [
        migrations.RunSQL(
            (HERE / "0003_ones_own_statement.up.sql").read_text(encoding="utf-8"),
            (HERE / "0003_ones_own_statement.down.sql").read_text(encoding="utf-8"),
        )
    ]
