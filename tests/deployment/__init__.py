"""The files that the guides to a deployment hand out say what the Procfile and the settings say."""
