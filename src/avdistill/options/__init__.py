"""How commands declare their options, and the options that several of them share."""
