"""What to suggest to whom, and why: stores, coupons, garments and outfits.

Pure: nothing here has a clock, a network or a memory of people. A profile lives as long as its
session; prices and discounts never see one.
"""
