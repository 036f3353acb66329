"""How pages write dates and times, a folder for each language (FORMAT_MODULE_PATH)."""
