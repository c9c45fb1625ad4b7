"""What is owed by e-mail and webhook, as SQL beside this file."""

from pathlib import Path

from django.db import migrations

HERE = Path(__file__).parent


class Migration(migrations.Migration):
    """Runs 0001_outgoing.up.sql; reversed by 0001_outgoing.down.sql."""

    dependencies = [("national_records", "0001_exchange"), ("access", "0014_notices")]
    operations = [
        migrations.RunSQL(
            (HERE / "0001_outgoing.up.sql").read_text(encoding="utf-8"),
            (HERE / "0001_outgoing.down.sql").read_text(encoding="utf-8"),
        )
    ]
