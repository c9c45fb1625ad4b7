"""Lets a dealer see every posting that moved its own money, as SQL beside this file."""

from pathlib import Path

from django.db import migrations

HERE = Path(__file__).parent


class Migration(migrations.Migration):
    """Runs 0002_ones_own_statement.up.sql; reversed by 0002_ones_own_statement.down.sql."""

    dependencies = [("state_ledger", "0001_initial")]
    operations = [
        migrations.RunSQL(
            (HERE / "0002_ones_own_statement.up.sql").read_text(encoding="utf-8"),
            (HERE / "0002_ones_own_statement.down.sql").read_text(encoding="utf-8"),
        )
    ]
