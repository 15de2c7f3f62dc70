"""A simulated shop or mall: shoppers, cameras, ground truth."""
