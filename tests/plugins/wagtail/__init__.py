"""wagtail-jianbao in a real Wagtail."""
