"""Gives each part of the book its keeper, as SQL beside this file."""

from pathlib import Path

from django.db import migrations

HERE = Path(__file__).parent


class Migration(migrations.Migration):
    """Runs 0002_keepers.up.sql; reversed by 0002_keepers.down.sql."""

    dependencies = [("state_records", "0001_initial")]
    operations = [
        migrations.RunSQL(
            (HERE / "0002_keepers.up.sql").read_text(encoding="utf-8"),
            (HERE / "0002_keepers.down.sql").read_text(encoding="utf-8"),
        )
    ]
