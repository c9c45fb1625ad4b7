"""The rows of the history that are a vehicle's own, said in SQL as `law.undo_record` says it (N-308).

An undo of clones takes a row off (`CU` names the row), and records anew what reads differently since; such a row stands
for an entry. A withdrawal names the entry it withdraws, and goes with the title when that was taken off.
"""

from typing import Final, LiteralString

# Of a row named x: no undo of clones took it off, and it is none that does.
STILL_THERE: Final[LiteralString] = """(x.transaction_type <> 'CU' AND NOT EXISTS (
    SELECT 1 FROM exchange.title_history AS off
     WHERE off.vin = x.vin AND off.transaction_type = 'CU' AND off.withdraws = x.entry_id))"""
# Of a title's row named x, which is still there: a withdrawal that is still there names the entry that it is.
WITHDRAWN: Final[LiteralString] = f"""EXISTS (
    SELECT 1 FROM exchange.title_history AS back
     WHERE back.vin = x.vin AND back.withdraws = coalesce(x.stands_for, x.entry_id)
       AND {STILL_THERE.replace("x.", "back.")})"""  # noqa: S608 - put together from constants only
# Of a withdrawal named x, which is still there: so is the title that it withdraws.
OF_A_TITLE_STILL_THERE: Final[LiteralString] = f"""EXISTS (
    SELECT 1 FROM exchange.title_history AS of_it
     WHERE of_it.vin = x.vin AND coalesce(of_it.stands_for, of_it.entry_id) = x.withdraws
       AND of_it.withdraws IS NULL AND {STILL_THERE.replace("x.", "of_it.")})"""  # noqa: S608 - the same
