"""Pages of referrals, one module per activity, named as the services are."""
