"""An app from a warm cache while its server is away, beside the same app from a plain folder."""
