"""Students' features on other data: across scopes, and external data sets."""
