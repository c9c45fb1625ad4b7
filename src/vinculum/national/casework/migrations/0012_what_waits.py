"""Indexes of what waits at a desk of the exchange (N-704, N-308, N-404), as SQL beside this file."""

from pathlib import Path

from django.db import migrations

HERE = Path(__file__).parent


class Migration(migrations.Migration):
    """Runs 0012_what_waits.up.sql; reversed by 0012_what_waits.down.sql."""

    dependencies = [("national_casework", "0011_desks_by_program")]
    operations = [
        migrations.RunSQL(
            (HERE / "0012_what_waits.up.sql").read_text(encoding="utf-8"),
            (HERE / "0012_what_waits.down.sql").read_text(encoding="utf-8"),
        )
    ]
