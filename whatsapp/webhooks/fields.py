"""The fields of Meta's webhooks that the app is subscribed to, each with what would be missing
without it.
"""

FIELDS = {
    "messages": "what people write, and what becomes of what we send",
    "account_update": "bans, restrictions, and the end of our access",
    "account_review_update": "whether Meta has approved the account",
    "account_alerts": "what Meta warns the business of",
    "business_capability_update": "how many people may be written to a day",
    "phone_number_quality_update": "how fast a number may send",
    "phone_number_name_update": "whether the name people see was approved",
    "security": "that a number's PIN was changed",
    "message_template_status_update": "templates that were approved, paused or rejected",
    "message_template_quality_update": "templates that people complain about",
    "message_template_components_update": "templates whose text was edited",
    "template_category_update": "templates that will cost something else",
    "user_preferences": "who wants no marketing any more",
    "smb_message_echoes": "what staff write in the phone app",
    "smb_app_state_sync": "the phone app's address book",
    "history": "what was written in the phone app before",
}

# Of use only where a business has several responders on a number, and then needed.
OF_SHARED_NUMBERS = {
    "standby": "what people and another responder write to each other",
    "messaging_handovers": "that a conversation was passed to us or taken",
}
OPTIONAL = {**OF_SHARED_NUMBERS, "calls": "that somebody called"}
