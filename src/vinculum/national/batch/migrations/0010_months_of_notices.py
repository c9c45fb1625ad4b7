"""The moments of notices by ranges of pages, as SQL beside this file."""

from pathlib import Path

from django.db import migrations

HERE = Path(__file__).parent


class Migration(migrations.Migration):
    """Runs 0010_months_of_notices.up.sql; reversed by 0010_months_of_notices.down.sql."""

    dependencies = [
        ("national_batch", "0009_lost_bytes"),
    ]
    operations = [
        migrations.RunSQL(
            (HERE / "0010_months_of_notices.up.sql").read_text(encoding="utf-8"),
            (HERE / "0010_months_of_notices.down.sql").read_text(encoding="utf-8"),
        )
    ]
