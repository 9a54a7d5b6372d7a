"""Onboarding: a new partner is welcomed, learns what it can do, and is asked after by what it has done."""
