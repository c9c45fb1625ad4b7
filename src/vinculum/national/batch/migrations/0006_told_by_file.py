"""What jurisdictions are told by file, as SQL beside this file."""

from pathlib import Path

from django.db import migrations

HERE = Path(__file__).parent


class Migration(migrations.Migration):
    """Runs 0006_told_by_file.up.sql; reversed by 0006_told_by_file.down.sql."""

    dependencies = [
        ("national_batch", "0005_answers"),
    ]
    operations = [
        migrations.RunSQL(
            (HERE / "0006_told_by_file.up.sql").read_text(encoding="utf-8"),
            (HERE / "0006_told_by_file.down.sql").read_text(encoding="utf-8"),
        )
    ]
