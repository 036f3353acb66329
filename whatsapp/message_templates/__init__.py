"""Message templates: whether a message fits its template, which templates an account has, and what
their states mean.

In: a template message and the definition that Meta lists. Out: faults, and listed templates. It may
import sending, graph and its app's ground. Meta's page: "Message templates".
"""
