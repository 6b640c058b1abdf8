"""Style rules of a layout: what they are read from, which widgets they match, what is wrong with them."""
