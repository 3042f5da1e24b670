"""Keys and rows as integers with a proven margin: numbers only, no circuits."""
