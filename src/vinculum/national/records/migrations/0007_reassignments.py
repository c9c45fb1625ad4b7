"""The chain of reassignments beside a title (N-306), as SQL beside this file."""

from pathlib import Path

from django.db import migrations

HERE = Path(__file__).parent


class Migration(migrations.Migration):
    """Runs 0007_reassignments.up.sql; reversed by 0007_reassignments.down.sql."""

    dependencies = [("national_records", "0006_undo_of_clones")]
    operations = [
        migrations.RunSQL(
            (HERE / "0007_reassignments.up.sql").read_text(encoding="utf-8"),
            (HERE / "0007_reassignments.down.sql").read_text(encoding="utf-8"),
        )
    ]
