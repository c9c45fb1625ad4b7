"""Programs of jurisdictions at the desks of data changes, as SQL beside this file."""

from pathlib import Path

from django.db import migrations

HERE = Path(__file__).parent


class Migration(migrations.Migration):
    """Runs 0021_desk_programs.up.sql; reversed by 0021_desk_programs.down.sql."""

    dependencies = [("access", "0020_evidence")]
    operations = [
        migrations.RunSQL(
            (HERE / "0021_desk_programs.up.sql").read_text(encoding="utf-8"),
            (HERE / "0021_desk_programs.down.sql").read_text(encoding="utf-8"),
        )
    ]
