"""The book: entries that open and close facts, as SQL beside this file."""

from pathlib import Path

from django.db import migrations

HERE = Path(__file__).parent


class Migration(migrations.Migration):
    """Runs 0001_book.up.sql; reversed by 0001_book.down.sql."""

    initial = True
    dependencies = [("access", "0002_access")]
    operations = [
        migrations.RunSQL(
            (HERE / "0001_book.up.sql").read_text(encoding="utf-8"),
            (HERE / "0001_book.down.sql").read_text(encoding="utf-8"),
        )
    ]
