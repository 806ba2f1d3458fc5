"""Referrals in words: lists, the page of one referral, the draft."""
