"""A film of 1920 × 1080 at 30 pictures a second: lost pictures and processor time, beside VLC itself."""
