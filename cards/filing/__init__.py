"""From the signed table to the card in hand: the national filing, its package and its messages."""
