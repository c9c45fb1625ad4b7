"""The rules of the state system: facts in; refusals, fee lines, deadlines and checklists out. Pure."""
