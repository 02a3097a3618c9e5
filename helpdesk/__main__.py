"""Run the command line with ``python -m helpdesk``."""

import sys

from helpdesk.cli.main import main

sys.exit(main())
