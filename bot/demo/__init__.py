"""The demo's partners and their deals, made from `config/demo/` for any day."""
