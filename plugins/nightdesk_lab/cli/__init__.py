"""The laboratory's commands; `nightdesk` shows them among its own wherever this package lies beside it."""

from nightdesk_lab.cli.bench import bench
from nightdesk_lab.cli.chaos import chaos
from nightdesk_lab.cli.demo import demo
from nightdesk_lab.cli.demo_bank import demo_bank
from nightdesk_lab.cli.pyramid import pyramid
from nightdesk_lab.cli.raw_data import load_berka, load_cumcm, load_ifc

COMMANDS = (demo, demo_bank, load_berka, load_cumcm, load_ifc, bench, chaos, pyramid)
