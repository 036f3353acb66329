"""A channel that differs from WhatsApp wherever the contract lets a provider differ."""
