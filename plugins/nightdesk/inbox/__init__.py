"""The mailbox that branches answer to: where mails are taken from, and what each of them is."""
