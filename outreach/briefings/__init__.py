"""宣讲会 (briefings): planned, invited to, signed up for, attended, asked at, summed up."""
