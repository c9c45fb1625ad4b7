"""Undercover marks (N-206) and stolen or missing title stock (N-701), as SQL beside this file."""

from pathlib import Path

from django.db import migrations

HERE = Path(__file__).parent


class Migration(migrations.Migration):
    """Runs 0004_stock_and_undercover.up.sql; reversed by 0004_stock_and_undercover.down.sql."""

    dependencies = [("national_records", "0003_brand_withdrawals")]
    operations = [
        migrations.RunSQL(
            (HERE / "0004_stock_and_undercover.up.sql").read_text(encoding="utf-8"),
            (HERE / "0004_stock_and_undercover.down.sql").read_text(encoding="utf-8"),
        )
    ]
