"""The bot seen from outside: logs, figures, health and traces."""
