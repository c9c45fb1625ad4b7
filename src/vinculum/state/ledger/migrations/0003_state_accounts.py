"""The agency itself and its two accounts, which every posting is against."""

from pathlib import Path

from django.db import migrations

HERE = Path(__file__).parent


class Migration(migrations.Migration):
    """Runs 0003_state_accounts.up.sql; reversed by 0003_state_accounts.down.sql."""

    dependencies = [("state_ledger", "0002_ones_own_statement")]
    operations = [
        migrations.RunSQL(
            (HERE / "0003_state_accounts.up.sql").read_text(encoding="utf-8"),
            (HERE / "0003_state_accounts.down.sql").read_text(encoding="utf-8"),
        )
    ]
