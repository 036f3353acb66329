"""What `manage.py whatsapp_checklist` looks at. A check returns what it found, in a few words, or raises NotReady."""
