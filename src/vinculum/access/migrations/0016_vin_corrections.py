"""Who corrects VINs (N-307), as SQL beside this file."""

from pathlib import Path

from django.db import migrations

HERE = Path(__file__).parent


class Migration(migrations.Migration):
    """Runs 0016_vin_corrections.up.sql; reversed by 0016_vin_corrections.down.sql."""

    dependencies = [("access", "0015_told_by_file")]
    operations = [
        migrations.RunSQL(
            (HERE / "0016_vin_corrections.up.sql").read_text(encoding="utf-8"),
            (HERE / "0016_vin_corrections.down.sql").read_text(encoding="utf-8"),
        )
    ]
