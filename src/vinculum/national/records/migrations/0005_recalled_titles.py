"""Finding a title that was taken back by its number (N-303), as SQL beside this file."""

from pathlib import Path

from django.db import migrations

HERE = Path(__file__).parent


class Migration(migrations.Migration):
    """Runs 0005_recalled_titles.up.sql; reversed by 0005_recalled_titles.down.sql."""

    dependencies = [("national_records", "0004_stock_and_undercover")]
    operations = [
        migrations.RunSQL(
            (HERE / "0005_recalled_titles.up.sql").read_text(encoding="utf-8"),
            (HERE / "0005_recalled_titles.down.sql").read_text(encoding="utf-8"),
        )
    ]
