"""Changes of passwords and second factors become events, as SQL beside this file."""

from pathlib import Path

from django.db import migrations

HERE = Path(__file__).parent


class Migration(migrations.Migration):
    """Runs 0005_audit_sign_in.up.sql; reversed by 0005_audit_sign_in.down.sql."""

    dependencies = [("access", "0004_sign_in_limit"), ("mfa", "0003_authenticator_type_uniq")]
    operations = [
        migrations.RunSQL(
            (HERE / "0005_audit_sign_in.up.sql").read_text(encoding="utf-8"),
            (HERE / "0005_audit_sign_in.down.sql").read_text(encoding="utf-8"),
        )
    ]
