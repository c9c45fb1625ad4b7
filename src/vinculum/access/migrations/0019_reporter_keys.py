"""Who keeps the keys of yards and insurers, as SQL beside this file."""

from pathlib import Path

from django.db import migrations

HERE = Path(__file__).parent


class Migration(migrations.Migration):
    """Runs 0019_reporter_keys.up.sql; reversed by 0019_reporter_keys.down.sql."""

    dependencies = [("access", "0018_uploads")]
    operations = [
        migrations.RunSQL(
            (HERE / "0019_reporter_keys.up.sql").read_text(encoding="utf-8"),
            (HERE / "0019_reporter_keys.down.sql").read_text(encoding="utf-8"),
        )
    ]
