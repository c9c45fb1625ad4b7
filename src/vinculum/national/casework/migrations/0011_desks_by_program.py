"""What a jurisdiction's program may say at the desks, as SQL beside this file."""

from pathlib import Path

from django.db import migrations

HERE = Path(__file__).parent


class Migration(migrations.Migration):
    """Runs 0011_desks_by_program.up.sql; reversed by 0011_desks_by_program.down.sql."""

    dependencies = [("national_casework", "0010_jsi_beside_vehicles")]
    operations = [
        migrations.RunSQL(
            (HERE / "0011_desks_by_program.up.sql").read_text(encoding="utf-8"),
            (HERE / "0011_desks_by_program.down.sql").read_text(encoding="utf-8"),
        )
    ]
