"""Hold the scoring core: plain data in, plain data out; no ORM, no clock, no network."""
