"""A notebook made fit for strangers: redacted, with a small database of its own and what Binder needs."""
