"""The agency itself and its two accounts, which every posting is against."""

from pathlib import Path

from django.db import migrations

HERE = Path(__file__).parent


class Migration(migrations.Migration):
    """Runs 0002_state_accounts.up.sql; reversed by 0002_state_accounts.down.sql."""

    dependencies = [("state_ledger", "0001_initial")]
    operations = [
        migrations.RunSQL(
            (HERE / "0002_state_accounts.up.sql").read_text(encoding="utf-8"),
            (HERE / "0002_state_accounts.down.sql").read_text(encoding="utf-8"),
        )
    ]
