"""Clocks: rules as data with their legal basis, working days of the State Council, derived deadlines, the next act.

Callers write through `socialwork.deadlines.services`, read through `socialwork.deadlines.queries`, show through
`socialwork.deadlines.presenters` and listen through `socialwork.deadlines.hooks`.
"""
