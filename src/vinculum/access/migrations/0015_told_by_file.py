"""Notice files and surrender reports are made and read, as SQL beside this file."""

from pathlib import Path

from django.db import migrations

HERE = Path(__file__).parent


class Migration(migrations.Migration):
    """Runs 0015_told_by_file.up.sql; reversed by 0015_told_by_file.down.sql."""

    dependencies = [("access", "0014_notices")]
    operations = [
        migrations.RunSQL(
            (HERE / "0015_told_by_file.up.sql").read_text(encoding="utf-8"),
            (HERE / "0015_told_by_file.down.sql").read_text(encoding="utf-8"),
        )
    ]
