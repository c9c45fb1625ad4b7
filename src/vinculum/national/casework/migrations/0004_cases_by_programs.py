"""Cases opened by the programs of states, as SQL beside this file."""

from pathlib import Path

from django.db import migrations

HERE = Path(__file__).parent


class Migration(migrations.Migration):
    """Runs 0004_cases_by_programs.up.sql; reversed by 0004_cases_by_programs.down.sql."""

    dependencies = [("national_casework", "0003_data_changes")]
    operations = [
        migrations.RunSQL(
            (HERE / "0004_cases_by_programs.up.sql").read_text(encoding="utf-8"),
            (HERE / "0004_cases_by_programs.down.sql").read_text(encoding="utf-8"),
        )
    ]
