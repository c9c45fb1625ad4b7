"""Programs of jurisdictions get a role and keys of their own, as SQL beside this file."""

from pathlib import Path

from django.db import migrations

HERE = Path(__file__).parent


class Migration(migrations.Migration):
    """Runs 0006_exchange_client.up.sql; reversed by 0006_exchange_client.down.sql."""

    dependencies = [("access", "0005_audit_sign_in")]
    operations = [
        migrations.RunSQL(
            (HERE / "0006_exchange_client.up.sql").read_text(encoding="utf-8"),
            (HERE / "0006_exchange_client.down.sql").read_text(encoding="utf-8"),
        )
    ]
