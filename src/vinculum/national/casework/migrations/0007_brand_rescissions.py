"""Brands taken back by people, two at a time (N-404), as SQL beside this file."""

from pathlib import Path

from django.db import migrations

HERE = Path(__file__).parent


class Migration(migrations.Migration):
    """Runs 0007_brand_rescissions.up.sql; reversed by 0007_brand_rescissions.down.sql."""

    dependencies = [("national_casework", "0006_vin_corrections")]
    operations = [
        migrations.RunSQL(
            (HERE / "0007_brand_rescissions.up.sql").read_text(encoding="utf-8"),
            (HERE / "0007_brand_rescissions.down.sql").read_text(encoding="utf-8"),
        )
    ]
