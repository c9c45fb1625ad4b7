"""Plates in dealers' stock, as SQL beside this file."""

from pathlib import Path

from django.db import migrations

HERE = Path(__file__).parent


class Migration(migrations.Migration):
    """Runs 0001_stock.up.sql; reversed by 0001_stock.down.sql."""

    initial = True
    dependencies = [("state_records", "0001_initial")]
    operations = [
        migrations.RunSQL(
            (HERE / "0001_stock.up.sql").read_text(encoding="utf-8"),
            (HERE / "0001_stock.down.sql").read_text(encoding="utf-8"),
        )
    ]
