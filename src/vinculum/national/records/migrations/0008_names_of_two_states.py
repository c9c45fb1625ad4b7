"""Two names of the published table of D20 codes as they are rightly written, as SQL beside this file."""

from pathlib import Path

from django.db import migrations

HERE = Path(__file__).parent


class Migration(migrations.Migration):
    """Runs 0008_names_of_two_states.up.sql; reversed by 0008_names_of_two_states.down.sql."""

    dependencies = [("national_records", "0007_reassignments")]
    operations = [
        migrations.RunSQL(
            (HERE / "0008_names_of_two_states.up.sql").read_text(encoding="utf-8"),
            (HERE / "0008_names_of_two_states.down.sql").read_text(encoding="utf-8"),
        )
    ]
