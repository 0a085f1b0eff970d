"""The station's desk for people outside: their questions and wishes to be called back."""
