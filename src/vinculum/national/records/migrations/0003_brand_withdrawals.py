"""Brands corrected or taken back (N-404) and what their states are told, as SQL beside this file."""

from pathlib import Path

from django.db import migrations

HERE = Path(__file__).parent


class Migration(migrations.Migration):
    """Runs 0003_brand_withdrawals.up.sql; reversed by 0003_brand_withdrawals.down.sql."""

    dependencies = [("national_records", "0002_reference_rows")]
    operations = [
        migrations.RunSQL(
            (HERE / "0003_brand_withdrawals.up.sql").read_text(encoding="utf-8"),
            (HERE / "0003_brand_withdrawals.down.sql").read_text(encoding="utf-8"),
        )
    ]
