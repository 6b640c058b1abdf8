"""Pages of HTML with CSS → layouts."""
