"""Codes counted per file, and files audited, as SQL beside this file."""

from pathlib import Path

from django.db import migrations

HERE = Path(__file__).parent


class Migration(migrations.Migration):
    """Runs 0003_code_counts.up.sql; reversed by 0003_code_counts.down.sql."""

    dependencies = [("national_batch", "0002_room_to_move"), ("access", "0008_read_context_once")]
    operations = [
        migrations.RunSQL(
            (HERE / "0003_code_counts.up.sql").read_text(encoding="utf-8"),
            (HERE / "0003_code_counts.down.sql").read_text(encoding="utf-8"),
        )
    ]
