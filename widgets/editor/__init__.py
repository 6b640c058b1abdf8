"""Field editors: one per column type, the same in forms and in grid cells. Loaded at the first edit."""
