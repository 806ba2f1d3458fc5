"""Verbs on accounts: opening and closing, roles, staff records, passwords and tokens."""
from socialwork.accounts.services.filtering import remove_filter, save_filter
from socialwork.accounts.services.opening import (
    OneTime,
    change_password,
    choose_password,
    create_operator,
    open_account,
    open_administrator,
    renew_password,
)
from socialwork.accounts.services.staffing import (
    add_certificate,
    change_roles,
    close_account,
    edit_account,
    edit_staff_record,
    remove_certificate,
    reopen_account,
)
from socialwork.accounts.services.tokens import create_token, revoke_token

__all__ = [
    "OneTime", "add_certificate", "change_password", "change_roles", "choose_password", "close_account", "create_operator",
    "create_token", "edit_account", "edit_staff_record", "open_account", "open_administrator", "remove_certificate",
    "remove_filter", "renew_password", "reopen_account", "revoke_token", "save_filter",
]
