"""100 clients, 100 edits each, on one table: nothing lost, nothing twice, and how soon everybody hears of it."""
