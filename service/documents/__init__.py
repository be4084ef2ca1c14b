"""Documents that are not sent as text: pages that are fetched from an address, and files."""
