"""What the bot's messages look like on Discord and on Slack: examples, and a page of them."""
