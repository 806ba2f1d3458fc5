"""Pages of civil affairs and of the auditor."""
