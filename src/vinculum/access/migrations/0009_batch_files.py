"""Batch files are the work of title clerks, as SQL beside this file."""

from pathlib import Path

from django.db import migrations

HERE = Path(__file__).parent


class Migration(migrations.Migration):
    """Runs 0009_batch_files.up.sql; reversed by 0009_batch_files.down.sql."""

    dependencies = [("access", "0008_read_context_once")]
    operations = [
        migrations.RunSQL(
            (HERE / "0009_batch_files.up.sql").read_text(encoding="utf-8"),
            (HERE / "0009_batch_files.down.sql").read_text(encoding="utf-8"),
        )
    ]
