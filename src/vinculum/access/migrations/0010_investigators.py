"""Investigators, and what they may do with findings, as SQL beside this file."""

from pathlib import Path

from django.db import migrations

HERE = Path(__file__).parent


class Migration(migrations.Migration):
    """Runs 0010_investigators.up.sql; reversed by 0010_investigators.down.sql."""

    dependencies = [("access", "0009_batch_files")]
    operations = [
        migrations.RunSQL(
            (HERE / "0010_investigators.up.sql").read_text(encoding="utf-8"),
            (HERE / "0010_investigators.down.sql").read_text(encoding="utf-8"),
        )
    ]
