"""What follows the review table: the national filing (`national`) and its package (`package`).

Renewal, replacement (换卡) and re-issue of a card begin with the same filing and belong here.
"""
