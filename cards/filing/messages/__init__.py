"""Reading what the national system mails: the text of one message, as what it says happened."""
