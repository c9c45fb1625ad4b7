"""The pages: server-rendered, usable without script, one folder per portal."""
