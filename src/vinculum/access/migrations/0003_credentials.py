"""Sessions, keys and memberships come and go by functions that ask in whose name, as SQL beside this file."""

from pathlib import Path

from django.db import migrations

HERE = Path(__file__).parent


class Migration(migrations.Migration):
    """Runs 0003_credentials.up.sql; reversed by 0003_credentials.down.sql."""

    dependencies = [("access", "0002_access")]
    operations = [
        migrations.RunSQL(
            (HERE / "0003_credentials.up.sql").read_text(encoding="utf-8"),
            (HERE / "0003_credentials.down.sql").read_text(encoding="utf-8"),
        )
    ]
