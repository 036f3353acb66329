"""Addresses below /api/v1/."""

from django.urls import path

from messaging.api import (
    contacts,
    conversations,
    media,
    messages,
    schema,  # noqa: F401  registers itself
    simulated_messages,
)

urlpatterns = [
    path("channels/<uuid:id>/test-messages", simulated_messages.SimulatedMessages.as_view()),
    path("contacts", contacts.Contacts.as_view()),
    path("contacts/<uuid:id>", contacts.OneContact.as_view()),
    path("contacts/<uuid:id>/merge", contacts.MergeContact.as_view()),
    path("conversations", conversations.Conversations.as_view()),
    path("conversations/<uuid:id>", conversations.OneConversation.as_view()),
    path("conversations/<uuid:id>/close", conversations.CloseConversation.as_view()),
    path("conversations/<uuid:id>/reopen", conversations.ReopenConversation.as_view()),
    path("conversations/<uuid:id>/hand-over", conversations.HandOverConversation.as_view()),
    path("conversations/<uuid:id>/take", conversations.TakeConversation.as_view()),
    path("conversations/<uuid:id>/hand-back", conversations.HandBackConversation.as_view()),
    path("conversations/<uuid:id>/read", conversations.MarkRead.as_view()),
    path("conversations/<uuid:id>/typing", conversations.ShowTyping.as_view()),
    path("media", media.UploadMedia.as_view()),
    path("media/<uuid:id>", media.OneMedia.as_view()),
    path("media/<uuid:id>/content", media.DownloadMedia.as_view()),
    path("messages", messages.Messages.as_view()),
    path("messages/<uuid:id>", messages.OneMessage.as_view()),
]
