"""What the tests share that speaks WhatsApp: it goes with the folder whatsapp/."""
