"""What several tests share: who is in them, and what they are done with. No test stands here."""
