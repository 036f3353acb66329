// Tells the server the reader's time zone, so that the next page shows times as their clock does.
const zone = Intl.DateTimeFormat().resolvedOptions().timeZone;
const isSecure = location.protocol === "https:";
if (zone) document.cookie = `time_zone=${zone}; path=/; max-age=31536000; samesite=lax${isSecure ? "; secure" : ""}`;
