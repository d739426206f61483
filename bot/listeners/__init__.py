"""Slack thing -> plain function, and pure Block Kit builders."""
