"""Evidence files of cases, and who looked at them (N-704), as SQL beside this file."""

from pathlib import Path

from django.db import migrations

HERE = Path(__file__).parent


class Migration(migrations.Migration):
    """Runs 0009_evidence.up.sql; reversed by 0009_evidence.down.sql."""

    dependencies = [("national_casework", "0008_jsi_sources")]
    operations = [
        migrations.RunSQL(
            (HERE / "0009_evidence.up.sql").read_text(encoding="utf-8"),
            (HERE / "0009_evidence.down.sql").read_text(encoding="utf-8"),
        )
    ]
