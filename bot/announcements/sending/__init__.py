"""What goes out: in portions, as mails and posts, stopped and put back, and what managers are told of it meanwhile."""
