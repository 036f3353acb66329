"""The content of a message as JSON: {"kind": KIND, ...} with the fields of our content types."""

from collections.abc import Mapping
from typing import Any, get_args

from rest_framework import serializers

from channels_app import content
from channels_app.content import Content, StoredFile
from channels_app.content.media import MediaKind
from messaging.api.dataclass_fields import NO_OBJECT, DataclassSerializer, Serializers
from messaging.models import Media, Message
from tenants.api.fields import ChoiceField, IdField, TextField

NO_FILE = "There is no such file, or it is not stored yet."
NO_MESSAGE = "There is no such message, or the provider does not know it yet."
TAGS: dict[type, str] = {
    content.TextValue: "text",
    content.MoneyValue: "money",
    content.TimeValue: "time",
    content.ProductValue: "product",
    content.ReplyPayload: "reply",
    content.Code: "code",
    content.Action: "action",
    content.Media: "media",
    content.Location: "location",
    content.TemplateHeader: "header",
    content.TemplateBody: "body",
    content.TemplateButton: "button",
    content.OfferEnd: "offer_end",
    content.TemplateCards: "cards",
}


class StoredFileField(IdField):
    """A file that was uploaded here, by its id. In the scope of its tenant."""

    def to_internal_value(self, data: Any) -> Any:
        stored = Media.objects.filter(
            id=super().to_internal_value(data), status=Media.Status.STORED
        )
        row = stored.first()
        if row is None:
            raise serializers.ValidationError(NO_FILE)
        return StoredFile(id=row.id, mime_type=row.mime_type, size=row.size or 0)


class ReactionSerializer(DataclassSerializer):
    """An emoji on a message of the conversation, by its id here; an empty one takes the reaction
    back.
    """

    kind = ChoiceField(["reaction"])
    message = IdField()
    emoji = TextField()

    dataclass = dict
    fixed = {"kind": "reaction"}

    def to_internal_value(self, data: Any) -> content.Reaction:
        given = super().to_internal_value(data)
        known = Message.objects.filter(id=given["message"], external_id__isnull=False).first()
        if known is None or known.external_id is None:
            raise serializers.ValidationError({"message": [NO_MESSAGE]})
        return content.Reaction(message_external_id=known.external_id, emoji=given["emoji"])


OF_KIND: dict[str, type[Content]] = {
    "text": content.Text,
    "template": content.Template,
    "location": content.Location,
    "contacts": content.ContactCards,
    "buttons": content.Buttons,
    "list": content.ListMenu,
    "link_button": content.LinkButton,
    "carousel": content.Carousel,
    "flow": content.Flow,
    "product": content.Product,
    "product_list": content.ProductList,
    "catalog": content.Catalog,
    "order_details": content.OrderDetails,
    "order_status": content.OrderStatus,
    "location_request": content.LocationRequest,
    "contact_request": content.ContactRequest,
    "call_permission_request": content.CallPermissionRequest,
}
vocabulary = Serializers(TAGS, {StoredFile: StoredFileField})
KINDS: dict[str, type[DataclassSerializer]] = {
    **{
        kind: vocabulary.make(of, f"{kind.title().replace('_', '')}Content", kind=kind)
        for kind, of in OF_KIND.items()
    },
    **dict.fromkeys(get_args(MediaKind), vocabulary.plain(content.Media)),
    "reaction": ReactionSerializer,
}


class ContentField(serializers.Field):
    """What a message says, of any kind."""

    def to_internal_value(self, data: Any) -> Content:
        if not isinstance(data, Mapping):
            raise serializers.ValidationError({"non_field_errors": [NO_OBJECT]})
        kind = KINDS.get(str(data.get("kind")))
        if kind is None:
            raise serializers.ValidationError(
                {"kind": [f"This must be one of {', '.join(KINDS)}."]}
            )
        return kind(context=self.context).run_validation(data)
