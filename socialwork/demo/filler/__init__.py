"""The referrals beside the stories: one of every state and many in between, so that lists look as in daily work.

Made up from the texts in fixtures/demo/filler, always the same ones in the same order, and played like a story.
"""
