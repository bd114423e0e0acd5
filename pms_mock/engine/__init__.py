"""The hotel itself: stock, prices, restrictions, guests, reservations. Plain functions on one open transaction."""
