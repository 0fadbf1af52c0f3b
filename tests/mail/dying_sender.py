"""A sender in a process of its own, to be killed: `python dying_sender.py DESK_URL SMTP_URL MESSAGE_ID`."""

import sys
from dataclasses import replace

from branch_sample import branch_input
from mail_sample import ENVELOPE, compose_list
from sqlalchemy import create_engine

from nightdesk.desk.database import desk_address
from nightdesk.mail.sending import send_pending
from nightdesk.mail.transport import transport_of

if __name__ == "__main__":
    desk_url, smtp_url, message_id = sys.argv[1:]
    mail = compose_list(branch_input(), ENVELOPE)
    send_pending(
        create_engine(desk_address(desk_url)),
        [message_id],
        transport_of(smtp_url),
        lambda item: replace(mail, message_id=item.message_id, recipient=item.recipient),
    )
