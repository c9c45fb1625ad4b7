"""What yards and insurers reported, beside the vehicles where they lie distributed (N-201), as SQL beside this file."""

from pathlib import Path

from django.db import migrations

HERE = Path(__file__).parent


class Migration(migrations.Migration):
    """Runs 0010_jsi_beside_vehicles.up.sql; reversed by 0010_jsi_beside_vehicles.down.sql."""

    dependencies = [("national_casework", "0009_evidence")]
    operations = [
        migrations.RunSQL(
            (HERE / "0010_jsi_beside_vehicles.up.sql").read_text(encoding="utf-8"),
            (HERE / "0010_jsi_beside_vehicles.down.sql").read_text(encoding="utf-8"),
        )
    ]
