"""HTTP to the Graph API: one client, over channels_app/http's transport; pagination,
appsecret_proof, redaction of secrets.

In: a path and what goes with it. Out: Meta's JSON, or a SendError that says whether the request may
have arrived. It may import its app's ground alone. Meta's page: "Graph API".
"""
