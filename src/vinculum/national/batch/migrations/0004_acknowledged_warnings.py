"""Warnings that were acknowledged, as SQL beside this file."""

from pathlib import Path

from django.db import migrations

HERE = Path(__file__).parent


class Migration(migrations.Migration):
    """Runs 0004_acknowledged_warnings.up.sql; reversed by 0004_acknowledged_warnings.down.sql."""

    dependencies = [
        ("national_batch", "0003_code_counts"),
        ("national_casework", "0002_contacts_and_cases"),
    ]
    operations = [
        migrations.RunSQL(
            (HERE / "0004_acknowledged_warnings.up.sql").read_text(encoding="utf-8"),
            (HERE / "0004_acknowledged_warnings.down.sql").read_text(encoding="utf-8"),
        )
    ]
