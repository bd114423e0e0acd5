"""The hotel itself: stock, prices, restrictions, guests, reservations, money. Plain functions on one open transaction."""
