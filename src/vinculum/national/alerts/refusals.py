"""How the alert site says that it does not do something."""

from typing import Final

from vinculum.kernel.refusal import RefusalsUnder

refusal: Final = RefusalsUnder(rule="N-703")
