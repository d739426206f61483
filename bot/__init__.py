"""Slack in and out: the only package that composes `model` and `storage`."""
