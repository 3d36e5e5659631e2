"""The app, one module for each page. A page only shows: what it shows is counted elsewhere."""
