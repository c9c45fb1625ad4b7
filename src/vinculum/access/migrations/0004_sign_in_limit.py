"""The table that counts attempts to sign in, as SQL beside this file."""

from pathlib import Path

from django.db import migrations

HERE = Path(__file__).parent


class Migration(migrations.Migration):
    """Runs 0004_sign_in_limit.up.sql; reversed by 0004_sign_in_limit.down.sql."""

    dependencies = [("access", "0003_credentials")]
    operations = [
        migrations.RunSQL(
            (HERE / "0004_sign_in_limit.up.sql").read_text(encoding="utf-8"),
            (HERE / "0004_sign_in_limit.down.sql").read_text(encoding="utf-8"),
        )
    ]
