"""Who uses the alert site of the exchange and who decides on it, as SQL beside this file."""

from pathlib import Path

from django.db import migrations

HERE = Path(__file__).parent


class Migration(migrations.Migration):
    """Runs 0011_alert_site.up.sql; reversed by 0011_alert_site.down.sql."""

    dependencies = [("access", "0010_investigators")]
    operations = [
        migrations.RunSQL(
            (HERE / "0011_alert_site.up.sql").read_text(encoding="utf-8"),
            (HERE / "0011_alert_site.down.sql").read_text(encoding="utf-8"),
        )
    ]
