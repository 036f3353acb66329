"""The audit log in the back-office: what its pages add to it, and the page that shows it."""
