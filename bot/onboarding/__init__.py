"""Onboarding: a new partner is welcomed, and asked after by what it has done so far."""
