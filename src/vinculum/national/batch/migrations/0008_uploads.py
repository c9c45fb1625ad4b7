"""Files that arrive in pieces, as SQL beside this file."""

from pathlib import Path

from django.db import migrations

HERE = Path(__file__).parent


class Migration(migrations.Migration):
    """Runs 0008_uploads.up.sql; reversed by 0008_uploads.down.sql."""

    dependencies = [
        ("national_batch", "0007_moves"),
    ]
    operations = [
        migrations.RunSQL(
            (HERE / "0008_uploads.up.sql").read_text(encoding="utf-8"),
            (HERE / "0008_uploads.down.sql").read_text(encoding="utf-8"),
        )
    ]
