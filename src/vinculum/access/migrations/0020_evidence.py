"""Who keeps and reads evidence of cases (N-704), as SQL beside this file."""

from pathlib import Path

from django.db import migrations

HERE = Path(__file__).parent


class Migration(migrations.Migration):
    """Runs 0020_evidence.up.sql; reversed by 0020_evidence.down.sql."""

    dependencies = [("access", "0019_reporter_keys")]
    operations = [
        migrations.RunSQL(
            (HERE / "0020_evidence.up.sql").read_text(encoding="utf-8"),
            (HERE / "0020_evidence.down.sql").read_text(encoding="utf-8"),
        )
    ]
