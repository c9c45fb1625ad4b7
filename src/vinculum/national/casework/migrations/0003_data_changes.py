"""Data-change requests and their approvals, as SQL beside this file."""

from pathlib import Path

from django.db import migrations

HERE = Path(__file__).parent


class Migration(migrations.Migration):
    """Runs 0003_data_changes.up.sql; reversed by 0003_data_changes.down.sql."""

    dependencies = [("national_casework", "0002_contacts_and_cases")]
    operations = [
        migrations.RunSQL(
            (HERE / "0003_data_changes.up.sql").read_text(encoding="utf-8"),
            (HERE / "0003_data_changes.down.sql").read_text(encoding="utf-8"),
        )
    ]
