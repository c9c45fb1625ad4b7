"""The role of the exchange's program at a state, as SQL beside this file."""

from pathlib import Path

from django.db import migrations

HERE = Path(__file__).parent


class Migration(migrations.Migration):
    """Runs 0013_exchange_program.up.sql; reversed by 0013_exchange_program.down.sql."""

    dependencies = [("access", "0012_clone_cases")]
    operations = [
        migrations.RunSQL(
            (HERE / "0013_exchange_program.up.sql").read_text(encoding="utf-8"),
            (HERE / "0013_exchange_program.down.sql").read_text(encoding="utf-8"),
        )
    ]
