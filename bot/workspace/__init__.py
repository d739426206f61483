"""The local workspace: a small Slack on this machine. The other end of the wire: it imports nothing of ours."""
