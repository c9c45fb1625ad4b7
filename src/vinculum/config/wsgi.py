"""What the server process runs: `granian --interface wsgi vinculum.config.wsgi:application`."""

import os

from django.core.wsgi import get_wsgi_application

from vinculum.config.start import connect

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "vinculum.config.settings")
application = get_wsgi_application()
connect()
