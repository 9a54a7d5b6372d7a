"""The deal desk: registrations screened, decided, protected and reminded of; leads placed; people let in."""
