"""The plugins for content management systems, in the systems themselves."""
