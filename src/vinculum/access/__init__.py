"""Who may do what: people, organisations, credentials, permissions and the trail they leave."""
