"""The operation, its stages and clock, and the desa and TPS in it."""
