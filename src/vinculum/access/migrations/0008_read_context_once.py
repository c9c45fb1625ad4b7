"""The sealed context is read once per audit event, as SQL beside this file."""

from pathlib import Path

from django.db import migrations

HERE = Path(__file__).parent


class Migration(migrations.Migration):
    """Runs 0008_read_context_once.up.sql; reversed by 0008_read_context_once.down.sql."""

    dependencies = [("access", "0007_reporters")]
    operations = [
        migrations.RunSQL(
            (HERE / "0008_read_context_once.up.sql").read_text(encoding="utf-8"),
            (HERE / "0008_read_context_once.down.sql").read_text(encoding="utf-8"),
        )
    ]
