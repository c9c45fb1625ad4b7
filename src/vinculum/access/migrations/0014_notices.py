"""Who sends e-mails and webhooks of the exchange, as SQL beside this file."""

from pathlib import Path

from django.db import migrations

HERE = Path(__file__).parent


class Migration(migrations.Migration):
    """Runs 0014_notices.up.sql; reversed by 0014_notices.down.sql."""

    dependencies = [("access", "0013_exchange_program")]
    operations = [
        migrations.RunSQL(
            (HERE / "0014_notices.up.sql").read_text(encoding="utf-8"),
            (HERE / "0014_notices.down.sql").read_text(encoding="utf-8"),
        )
    ]
