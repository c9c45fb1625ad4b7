"""Contacts of jurisdictions, and discrepancy cases between them, as SQL beside this file."""

from pathlib import Path

from django.db import migrations

HERE = Path(__file__).parent


class Migration(migrations.Migration):
    """Runs 0002_contacts_and_cases.up.sql; reversed by 0002_contacts_and_cases.down.sql."""

    dependencies = [("national_casework", "0001_reporters")]
    operations = [
        migrations.RunSQL(
            (HERE / "0002_contacts_and_cases.up.sql").read_text(encoding="utf-8"),
            (HERE / "0002_contacts_and_cases.down.sql").read_text(encoding="utf-8"),
        )
    ]
