"""Cases of two vehicles on one VIN (N-308), as SQL beside this file."""

from pathlib import Path

from django.db import migrations

HERE = Path(__file__).parent


class Migration(migrations.Migration):
    """Runs 0005_clone_cases.up.sql; reversed by 0005_clone_cases.down.sql."""

    dependencies = [
        ("national_casework", "0004_cases_by_programs"),
        ("national_records", "0006_undo_of_clones"),
    ]
    operations = [
        migrations.RunSQL(
            (HERE / "0005_clone_cases.up.sql").read_text(encoding="utf-8"),
            (HERE / "0005_clone_cases.down.sql").read_text(encoding="utf-8"),
        )
    ]
