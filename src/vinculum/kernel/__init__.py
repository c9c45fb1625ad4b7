"""The words of every motor-vehicle agency: VIN, hull number, plate, money, period, business day, refusal.

Pure Python: no Django, no I/O, no clock. Every other floor may import from here; nothing imports upwards.
"""
