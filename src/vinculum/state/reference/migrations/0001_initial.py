"""Published law: files by hash, and when each was put in force, as SQL beside this file."""

from pathlib import Path

from django.db import migrations

HERE = Path(__file__).parent


class Migration(migrations.Migration):
    """Runs 0001_reference.up.sql; reversed by 0001_reference.down.sql."""

    initial = True
    dependencies = []
    operations = [
        migrations.RunSQL(
            (HERE / "0001_reference.up.sql").read_text(encoding="utf-8"),
            (HERE / "0001_reference.down.sql").read_text(encoding="utf-8"),
        )
    ]
