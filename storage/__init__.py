"""Remembers. Knows neither torch nor Slack: it takes plain values and gives frozen rows back."""
