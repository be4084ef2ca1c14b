"""The protocols of other translation services, so that their clients work unchanged."""
