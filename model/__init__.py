"""Learns and predicts. Knows neither Slack nor SQL, and never reads settings: it takes plain arguments."""
