"""The exchange's mailroom: e-mails and webhooks that are owed, and how they leave the house."""
