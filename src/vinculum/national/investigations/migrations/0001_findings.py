"""Findings for investigators, and the keys by which they are found, as SQL beside this file."""

from pathlib import Path

from django.db import migrations

HERE = Path(__file__).parent


class Migration(migrations.Migration):
    """Runs 0001_findings.up.sql; reversed by 0001_findings.down.sql."""

    dependencies = [
        ("access", "0010_investigators"),
        ("national_casework", "0003_data_changes"),
        ("national_records", "0004_stock_and_undercover"),
    ]
    operations = [
        migrations.RunSQL(
            (HERE / "0001_findings.up.sql").read_text(encoding="utf-8"),
            (HERE / "0001_findings.down.sql").read_text(encoding="utf-8"),
        )
    ]
