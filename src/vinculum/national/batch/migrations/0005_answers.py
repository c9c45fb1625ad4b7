"""Answers to inquiry files, and the lock of many pointers at once, as SQL beside this file."""

from pathlib import Path

from django.db import migrations

HERE = Path(__file__).parent


class Migration(migrations.Migration):
    """Runs 0005_answers.up.sql; reversed by 0005_answers.down.sql."""

    dependencies = [("national_batch", "0004_acknowledged_warnings")]
    operations = [
        migrations.RunSQL(
            (HERE / "0005_answers.up.sql").read_text(encoding="utf-8"),
            (HERE / "0005_answers.down.sql").read_text(encoding="utf-8"),
        )
    ]
