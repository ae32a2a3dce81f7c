"""A model that lies: scripted claims, each false on the shop of this folder, and the true ones that must pass."""
