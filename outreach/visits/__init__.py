"""走访 (company visits): planned by coverage, noted on the phone, followed up."""
