"""What is drawn: HTML pages and PNG pictures. Nothing else in Santral draws.

A report is made from results that are already there and from nothing else - no clock, no network, no chance - so the
same results give the same bytes.
"""
