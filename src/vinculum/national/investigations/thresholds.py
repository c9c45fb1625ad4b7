"""What counts as impossible: every limit of the watches, with its reason."""

from datetime import timedelta
from typing import Final

# Between the middles of two states. Below it, a border town is nearer to the next state than the figure says.
FAR_MILES: Final = 700
# A car carrier with one driver, within the federal hours of service (49 CFR 395.3), does about this in a day.
ROAD_MILES_PER_DAY: Final = 500
# Two drivers in turn on motorways, every day between two titles: nobody's vehicle has done more than this.
MOST_MILES_PER_DAY: Final = 1_000
# A mile is allowed for readings that were converted between units (N-803 allows the same).
ROUNDING_MILES: Final = 1
# A model year may begin on 2 January of the calendar year before it (40 CFR 85.2304); no title is earlier.
MODEL_YEAR_LEAD: Final = 1
# A state prints a title up to some weeks after the sale it is for: one that was under way when a yard took the
# vehicle over says nothing.
PRINTING: Final = timedelta(days=30)
# A brand that is gone after two further states within four months was more likely driven round than forgotten.
QUICK_PASSAGE: Final = timedelta(days=120)
QUICK_STATES: Final = 2
# A long transaction may commit after a scan has read past its time; so much is read again by the next scan.
READ_AGAIN: Final = timedelta(hours=2)
# How many vehicles are read in one transaction: memory stays bounded, and a stopped scan has lost little.
VEHICLES_AT_ONCE: Final = 10_000
CHANGED_AT_ONCE: Final = 5_000
DOUBTFUL_AT_ONCE: Final = 1_000
