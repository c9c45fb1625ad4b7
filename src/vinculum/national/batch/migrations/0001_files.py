"""The batch files, as SQL beside this file."""

from pathlib import Path

from django.db import migrations

HERE = Path(__file__).parent


class Migration(migrations.Migration):
    """Runs 0001_files.up.sql; reversed by 0001_files.down.sql."""

    initial = True
    dependencies = [("national_records", "0003_brand_withdrawals")]
    operations = [
        migrations.RunSQL(
            (HERE / "0001_files.up.sql").read_text(encoding="utf-8"),
            (HERE / "0001_files.down.sql").read_text(encoding="utf-8"),
        )
    ]
