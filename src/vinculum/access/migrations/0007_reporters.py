"""Reporters, title clerks and the help desk at the exchange, as SQL beside this file."""

from pathlib import Path

from django.db import migrations

HERE = Path(__file__).parent


class Migration(migrations.Migration):
    """Runs 0007_reporters.up.sql; reversed by 0007_reporters.down.sql."""

    dependencies = [("access", "0006_exchange_client")]
    operations = [
        migrations.RunSQL(
            (HERE / "0007_reporters.up.sql").read_text(encoding="utf-8"),
            (HERE / "0007_reporters.down.sql").read_text(encoding="utf-8"),
        )
    ]
