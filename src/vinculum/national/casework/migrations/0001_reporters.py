"""Reporters of junk and salvage and what they report, as SQL beside this file."""

from pathlib import Path

from django.db import migrations

HERE = Path(__file__).parent


class Migration(migrations.Migration):
    """Runs 0001_reporters.up.sql; reversed by 0001_reporters.down.sql."""

    initial = True
    dependencies = [("national_records", "0002_reference_rows"), ("access", "0007_reporters")]
    operations = [
        migrations.RunSQL(
            (HERE / "0001_reporters.up.sql").read_text(encoding="utf-8"),
            (HERE / "0001_reporters.down.sql").read_text(encoding="utf-8"),
        )
    ]
