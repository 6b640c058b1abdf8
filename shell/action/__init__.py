"""What the built-in commands do, one module per room of commands; imported at first use."""
