"""WhatsApp's "Export chat" text, piece by piece: lines, headers, dates, people and the app's own words."""
