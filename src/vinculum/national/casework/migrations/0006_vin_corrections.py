"""Corrections of VINs and inspections of vehicles (N-307), as SQL beside this file."""

from pathlib import Path

from django.db import migrations

HERE = Path(__file__).parent


class Migration(migrations.Migration):
    """Runs 0006_vin_corrections.up.sql; reversed by 0006_vin_corrections.down.sql."""

    dependencies = [("national_casework", "0005_clone_cases")]
    operations = [
        migrations.RunSQL(
            (HERE / "0006_vin_corrections.up.sql").read_text(encoding="utf-8"),
            (HERE / "0006_vin_corrections.down.sql").read_text(encoding="utf-8"),
        )
    ]
