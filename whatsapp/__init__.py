"""Everything that speaks Meta's WhatsApp Cloud API. Deletable: remove the folder and its word in
CHANNEL_APPS.
"""
