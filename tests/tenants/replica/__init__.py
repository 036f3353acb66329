"""Lists are read from a standby, where one is named."""
