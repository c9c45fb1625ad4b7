"""Who is told of new alerts and by which way, as SQL beside this file."""

from pathlib import Path

from django.db import migrations

HERE = Path(__file__).parent


class Migration(migrations.Migration):
    """Runs 0002_subscriptions.up.sql; reversed by 0002_subscriptions.down.sql."""

    dependencies = [("national_alerts", "0001_alerts"), ("national_mailroom", "0001_outgoing")]
    operations = [
        migrations.RunSQL(
            (HERE / "0002_subscriptions.up.sql").read_text(encoding="utf-8"),
            (HERE / "0002_subscriptions.down.sql").read_text(encoding="utf-8"),
        )
    ]
