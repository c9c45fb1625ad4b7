"""What an undo of clones adds to the history (N-308), as SQL beside this file."""

from pathlib import Path

from django.db import migrations

HERE = Path(__file__).parent


class Migration(migrations.Migration):
    """Runs 0006_undo_of_clones.up.sql; reversed by 0006_undo_of_clones.down.sql."""

    dependencies = [("national_records", "0005_recalled_titles")]
    operations = [
        migrations.RunSQL(
            (HERE / "0006_undo_of_clones.up.sql").read_text(encoding="utf-8"),
            (HERE / "0006_undo_of_clones.down.sql").read_text(encoding="utf-8"),
        )
    ]
