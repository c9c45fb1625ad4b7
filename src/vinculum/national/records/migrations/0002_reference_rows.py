"""The jurisdictions and the standard brands, from the two files beside this one.

jurisdictions.csv: D20 jurisdiction codes with their USPS and NCIC equivalents (public D20 and NIEM code
lists). brand_codes.csv: the 68 national brand codes; names as published, meanings in our words (public NMVTIS
and NIEM 6.0 code lists). Facts about both are in docs/national.md.
"""

import csv
from pathlib import Path

from django.db import migrations

HERE = Path(__file__).parent


def insert(table: str, file_name: str) -> str:
    """One INSERT of all rows of a file; the file's header names the columns."""
    with (HERE / file_name).open(encoding="utf-8", newline="") as lines:
        columns, *rows = list(csv.reader(lines))
    values = ",\n".join("(" + ", ".join(literal(value) for value in row) + ")" for row in rows)
    return f"INSERT INTO {table} ({', '.join(columns)}) VALUES\n{values};\n"


def literal(value: str) -> str:
    """A text as SQL; a dash stands for nothing."""
    return "NULL" if value == "-" else "'" + value.replace("'", "''") + "'"


class Migration(migrations.Migration):
    """Fills the two reference tables."""

    dependencies = [("national_records", "0001_exchange")]
    operations = [
        migrations.RunSQL(
            "SET ROLE vinculum_owner;\n"
            + insert("exchange.jurisdiction", "0002_jurisdictions.csv")
            + insert("exchange.brand_code", "0002_brand_codes.csv")
            + "RESET ROLE;",
            "SET ROLE vinculum_owner;\n"
            "DELETE FROM exchange.brand_code; DELETE FROM exchange.jurisdiction;\n"
            "RESET ROLE;",
        )
    ]
