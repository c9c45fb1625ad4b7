"""The national files, as SQL beside this file."""

from pathlib import Path

from django.db import migrations

HERE = Path(__file__).parent


class Migration(migrations.Migration):
    """Runs 0001_exchange.up.sql; reversed by 0001_exchange.down.sql."""

    initial = True
    operations = [
        migrations.RunSQL(
            (HERE / "0001_exchange.up.sql").read_text(encoding="utf-8"),
            (HERE / "0001_exchange.down.sql").read_text(encoding="utf-8"),
        )
    ]
