"""Spelling in comments and texts: words that no dictionary of the person's languages has are underlined quietly."""
