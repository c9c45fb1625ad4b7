"""What the exchange asked of this state, and was told, as SQL beside this file."""

from pathlib import Path

from django.db import migrations

HERE = Path(__file__).parent


class Migration(migrations.Migration):
    """Runs 0003_detail_told.up.sql; reversed by 0003_detail_told.down.sql."""

    dependencies = [("state_outbox", "0002_cases")]
    operations = [
        migrations.RunSQL(
            (HERE / "0003_detail_told.up.sql").read_text(encoding="utf-8"),
            (HERE / "0003_detail_told.down.sql").read_text(encoding="utf-8"),
        )
    ]
