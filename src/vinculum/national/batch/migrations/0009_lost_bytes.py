"""Since when the bytes of a waiting file are missing, as SQL beside this file."""

from pathlib import Path

from django.db import migrations

HERE = Path(__file__).parent


class Migration(migrations.Migration):
    """Runs 0009_lost_bytes.up.sql; reversed by 0009_lost_bytes.down.sql."""

    dependencies = [
        ("national_batch", "0008_uploads"),
    ]
    operations = [
        migrations.RunSQL(
            (HERE / "0009_lost_bytes.up.sql").read_text(encoding="utf-8"),
            (HERE / "0009_lost_bytes.down.sql").read_text(encoding="utf-8"),
        )
    ]
