"""Messages that open a case belong to no application, as SQL beside this file."""

from pathlib import Path

from django.db import migrations

HERE = Path(__file__).parent


class Migration(migrations.Migration):
    """Runs 0002_cases.up.sql; reversed by 0002_cases.down.sql."""

    dependencies = [("state_outbox", "0001_initial")]
    operations = [
        migrations.RunSQL(
            (HERE / "0002_cases.up.sql").read_text(encoding="utf-8"),
            (HERE / "0002_cases.down.sql").read_text(encoding="utf-8"),
        )
    ]
