"""Corrections of VINs that were begun by mistake, taken back and kept (N-307), as SQL beside this file."""

from pathlib import Path

from django.db import migrations

HERE = Path(__file__).parent


class Migration(migrations.Migration):
    """Runs 0013_withdrawn_corrections.up.sql; reversed by 0013_withdrawn_corrections.down.sql."""

    dependencies = [("national_casework", "0012_what_waits")]
    operations = [
        migrations.RunSQL(
            (HERE / "0013_withdrawn_corrections.up.sql").read_text(encoding="utf-8"),
            (HERE / "0013_withdrawn_corrections.down.sql").read_text(encoding="utf-8"),
        )
    ]
