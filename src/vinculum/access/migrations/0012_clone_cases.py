"""Who takes apart two vehicles on one VIN (N-308), as SQL beside this file."""

from pathlib import Path

from django.db import migrations

HERE = Path(__file__).parent


class Migration(migrations.Migration):
    """Runs 0012_clone_cases.up.sql; reversed by 0012_clone_cases.down.sql."""

    dependencies = [("access", "0011_alert_site")]
    operations = [
        migrations.RunSQL(
            (HERE / "0012_clone_cases.up.sql").read_text(encoding="utf-8"),
            (HERE / "0012_clone_cases.down.sql").read_text(encoding="utf-8"),
        )
    ]
