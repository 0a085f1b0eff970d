"""Home pages: what each role has to do next, and the figures over it. Writes nothing."""
