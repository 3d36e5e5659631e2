"""Language: which wordings a message has. `labels` names them, `cues` and `score` find them; nothing heavy here."""
