"""Which process of hardened mode serves an address."""

SERVED = {
    "/": "pages",
    "/language/de/": "pages",
    "/staff/": "pages",
    "/staff/second-factor/": "pages",
    "/connect/whatsapp/": "pages",
    "/connect/whatsapp/callback": "pages",
    "/connect/whatsapp/deauthorize": "back-office",
    "/connect/whatsapp/deletion": "back-office",
    "/connect/whatsapp/deletion/code/": "back-office",
    "/admin": "back-office",
    "/admin/login/": "back-office",
    "/api/webhooks/whatsapp": "webhooks",
    "/api/webhooks/sample/address": "webhooks",
    "/api/v1/messages": "api",
    "/api/v1/docs/": "api",
    "/api/v1/tenants": "back-office",
    "/api/v1/tenants/id/keys": "back-office",
    "/api/v1/platform/webhook-endpoints": "back-office",
    "/api/v1/unknown": "api",
}
