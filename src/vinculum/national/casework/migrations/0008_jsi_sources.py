"""To whom it is shown from whom a vehicle was obtained, as SQL beside this file."""

from pathlib import Path

from django.db import migrations

HERE = Path(__file__).parent


class Migration(migrations.Migration):
    """Runs 0008_jsi_sources.up.sql; reversed by 0008_jsi_sources.down.sql."""

    dependencies = [("national_casework", "0007_brand_rescissions"), ("access", "0019_reporter_keys")]
    operations = [
        migrations.RunSQL(
            (HERE / "0008_jsi_sources.up.sql").read_text(encoding="utf-8"),
            (HERE / "0008_jsi_sources.down.sql").read_text(encoding="utf-8"),
        )
    ]
