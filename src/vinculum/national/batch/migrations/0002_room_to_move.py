"""Room for pointers to move in, as SQL beside this file."""

from pathlib import Path

from django.db import migrations

HERE = Path(__file__).parent


class Migration(migrations.Migration):
    """Runs 0002_room_to_move.up.sql; reversed by 0002_room_to_move.down.sql."""

    dependencies = [("national_batch", "0001_files")]
    operations = [
        migrations.RunSQL(
            (HERE / "0002_room_to_move.up.sql").read_text(encoding="utf-8"),
            (HERE / "0002_room_to_move.down.sql").read_text(encoding="utf-8"),
        )
    ]
