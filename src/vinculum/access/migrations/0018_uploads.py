"""Uploads are swept, as SQL beside this file."""

from pathlib import Path

from django.db import migrations

HERE = Path(__file__).parent


class Migration(migrations.Migration):
    """Runs 0018_uploads.up.sql; reversed by 0018_uploads.down.sql."""

    dependencies = [("access", "0017_brand_rescissions")]
    operations = [
        migrations.RunSQL(
            (HERE / "0018_uploads.up.sql").read_text(encoding="utf-8"),
            (HERE / "0018_uploads.down.sql").read_text(encoding="utf-8"),
        )
    ]
