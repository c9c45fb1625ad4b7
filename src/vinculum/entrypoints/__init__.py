"""The doors: web pages, JSON API, exchange API, command line and jobs. Each only translates."""
