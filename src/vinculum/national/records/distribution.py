"""Where each national table lives when the database is distributed by hash of the VIN (docs/runbooks/citus.md).

A table about vehicles is distributed and begins each key with the VIN. A small table that the others look things
up in is copied to every worker (a reference table). A table that is worked by file, case or person, never joined
row by row with vehicles, stays on the coordinator.
"""

import sys
from typing import Final

DISTRIBUTED_TABLES: Final = frozenset(
    {
        "pointer",
        "title_history",
        "brand_history",
        "brand_withdrawal",
        "theft",
        "undercover",
        "message_inbox",
        "inquiry_log",
        "notice",
        "title_reassignment",
        "jsi_record",
        "look_alike_key",
    }
)
REFERENCE_TABLES: Final = frozenset({"jurisdiction", "brand_code", "brander", "missing_stock"})
COORDINATOR_TABLES: Final[frozenset[str]] = frozenset(
    {
        "reporter",
        "jsi_report",
        "jsi_source",
        "jsi_month",
        "reporting_duty",
        "contact",
        "discrepancy_case",
        "case_event",
        "data_change",
        "data_change_approval",
        "title_number_use",
        "finding",
        "finding_event",
        "finding_scan",
        "clone_case",
        "clone_item",
        "vin_correction",
        "vin_verification",
        "brand_rescission",
        "evidence_file",
        "evidence_look_up",
    }
    | {"alert", "alert_vin", "alert_number", "alert_file", "alert_user", "alert_place", "alert_opening"}
    | {"alert_subscription", "outgoing"}
    | {"batch_file", "batch_progress", "batch_message", "batch_code_count", "acknowledged_warning"}
    | {"notice_file", "surrender_report", "surrender_line", "batch_upload"}
    | {"batch_answer"}
)
# Where a batch file is laid out while it is applied: row by row beside the vehicles, and empty otherwise.
STAGING_TABLES: Final = ("arrival", "later", "move", "verdict")


def statements() -> tuple[str, ...]:
    """What an operator runs once, after the migrations and before the first row, in this order."""
    return (
        *(f"SELECT create_reference_table('exchange.{table}');" for table in sorted(REFERENCE_TABLES)),
        "SELECT create_distributed_table('exchange.pointer', 'vin');",
        *(
            f"SELECT create_distributed_table('exchange.{table}', 'vin', colocate_with => 'exchange.pointer');"
            for table in (*sorted(DISTRIBUTED_TABLES - {"pointer", "brand_withdrawal"}), "brand_withdrawal")
        ),
        *(
            f"SELECT create_distributed_table('staging.{table}', 'vin', colocate_with => 'exchange.pointer');"
            for table in STAGING_TABLES
        ),
    )


if __name__ == "__main__":
    sys.stdout.write("\n".join(statements()) + "\n")
