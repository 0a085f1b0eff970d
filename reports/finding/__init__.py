"""Search over everything that a person may see, and the page of its results."""
