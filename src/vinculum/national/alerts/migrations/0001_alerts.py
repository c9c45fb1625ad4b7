"""Alerts, their numbers and files, and who may read them, as SQL beside this file."""

from pathlib import Path

from django.db import migrations

HERE = Path(__file__).parent


class Migration(migrations.Migration):
    """Runs 0001_alerts.up.sql; reversed by 0001_alerts.down.sql."""

    dependencies = [("national_records", "0001_exchange"), ("access", "0011_alert_site")]
    operations = [
        migrations.RunSQL(
            (HERE / "0001_alerts.up.sql").read_text(encoding="utf-8"),
            (HERE / "0001_alerts.down.sql").read_text(encoding="utf-8"),
        )
    ]
