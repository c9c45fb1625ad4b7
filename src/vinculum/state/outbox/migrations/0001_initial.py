"""What the state owes the national exchange, as SQL beside this file."""

from pathlib import Path

from django.db import migrations

HERE = Path(__file__).parent


class Migration(migrations.Migration):
    """Runs 0001_outbox.up.sql; reversed by 0001_outbox.down.sql."""

    initial = True
    dependencies = [("state_casework", "0001_initial")]
    operations = [
        migrations.RunSQL(
            (HERE / "0001_outbox.up.sql").read_text(encoding="utf-8"),
            (HERE / "0001_outbox.down.sql").read_text(encoding="utf-8"),
        )
    ]
