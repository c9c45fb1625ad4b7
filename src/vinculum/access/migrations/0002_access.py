"""Organisations, credentials, the sealed context and the audit chain, as SQL beside this file."""

from pathlib import Path

from django.db import migrations

HERE = Path(__file__).parent


class Migration(migrations.Migration):
    """Runs 0002_access.up.sql; reversed by 0002_access.down.sql."""

    dependencies = [("access", "0001_person")]
    operations = [
        migrations.RunSQL(
            (HERE / "0002_access.up.sql").read_text(encoding="utf-8"),
            (HERE / "0002_access.down.sql").read_text(encoding="utf-8"),
        )
    ]
