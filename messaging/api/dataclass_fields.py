"""Serializers of dataclasses: JSON in, the frozen dataclass out, and its schema for OpenAPI.

A field of the dataclass is a field of the JSON object, under the same name; what has a default may
be left away. What the provider would refuse is not checked here.
"""

import dataclasses
from collections.abc import Mapping
from dataclasses import MISSING, Field, is_dataclass
from datetime import date, datetime
from functools import cache
from types import UnionType
from typing import Any, Literal, Union, get_args, get_origin, get_type_hints
from uuid import UUID

from rest_framework import serializers

from tenants.api import fields
from tenants.api.bodies import StrictSerializer

NO_OBJECT = "This must be a JSON object."
PLAIN: dict[Any, type[serializers.Field]] = {
    str: fields.TextField,
    bool: fields.FlagField,
    int: fields.WholeField,
    float: fields.NumberField,
    UUID: fields.IdField,
    datetime: fields.MomentField,
    date: serializers.DateField,
}


class ObjectField(serializers.DictField):
    """A JSON object that is passed on unchanged."""


class TupleField(serializers.ListField):
    """A JSON array, as a tuple."""

    def to_internal_value(self, data: Any) -> Any:
        return tuple(super().to_internal_value(data))


class DataclassSerializer(StrictSerializer):
    """The base of serializers that `Serializers` makes."""

    dataclass: type
    fixed: Mapping[str, Any] = {}  # fields of the JSON that only tell it from others

    def to_internal_value(self, data: Any) -> Any:
        if not isinstance(data, Mapping):
            raise serializers.ValidationError({"non_field_errors": [NO_OBJECT]})
        values = super().to_internal_value(data)
        return self.dataclass(
            **{name: value for name, value in values.items() if name not in self.fixed}
        )


class TaggedField(serializers.Field):
    """One of several objects, told apart by their field `type`."""

    def __init__(self, options: Mapping[str, type[DataclassSerializer]], **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.options = options

    def to_internal_value(self, data: Any) -> Any:
        if not isinstance(data, Mapping):
            raise serializers.ValidationError({"non_field_errors": [NO_OBJECT]})
        option = self.options.get(str(data.get("type")))
        if option is None:
            known = ", ".join(self.options)
            raise serializers.ValidationError({"type": [f"This must be one of {known}."]})
        return option(context=self.context).run_validation(data)


class TextOrField(serializers.Field):
    """A text, or an object."""

    def __init__(self, option: type[DataclassSerializer], **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.option = option

    def to_internal_value(self, data: Any) -> Any:
        return (
            data
            if isinstance(data, str)
            else self.option(context=self.context).run_validation(data)
        )


class Serializers:
    """Makes a serializer of each dataclass of one vocabulary.

    `tags`: the word for `type` by which a dataclass is told from others in a union; `special`:
    what makes the field of a type that is no plain one.
    """

    def __init__(
        self, tags: Mapping[type, str], special: Mapping[Any, type[serializers.Field]]
    ) -> None:
        self.tags, self.special = tags, special
        self.plain, self.tagged = cache(self.plain), cache(self.tagged)  # type: ignore[method-assign]

    def plain(self, of: type) -> type[DataclassSerializer]:
        """Return the serializer of a dataclass that needs to be told from nothing."""
        return self.make(of, of.__name__)

    def tagged(self, of: type) -> type[DataclassSerializer]:
        """Return the serializer of a dataclass with its `type`."""
        return self.make(of, f"{of.__name__.removesuffix('Value')}Value", type=self.tags[of])

    def make(self, of: type, name: str, **fixed: str) -> type[DataclassSerializer]:
        """Return a serializer of a dataclass, with fields whose value is always the same."""
        hints = get_type_hints(of)
        members: dict[str, Any] = {
            word: fields.ChoiceField([value]) for word, value in fixed.items()
        }
        members |= {
            each.name: self.field(hints[each.name], each) for each in dataclasses.fields(of)
        }
        body = {"dataclass": of, "fixed": fixed, "__doc__": of.__doc__, **members}
        return type(f"{name}Serializer", (DataclassSerializer,), body)

    def field(self, hint: Any, of: Field[Any]) -> serializers.Field:
        is_required = of.default is MISSING and of.default_factory is MISSING
        return self.field_of(hint, required=is_required)

    def field_of(self, hint: Any, **more: Any) -> serializers.Field:
        arguments = get_args(hint)
        if hint in PLAIN or hint in self.special:
            return (PLAIN.get(hint) or self.special[hint])(**more)
        if get_origin(hint) is Literal:
            return fields.ChoiceField(list(arguments), **more)
        if get_origin(hint) is tuple:
            return TupleField(child=self.field_of(arguments[0]), **more)
        if get_origin(hint) is dict:
            return ObjectField(**more)
        if isinstance(hint, type) and is_dataclass(hint):
            return self.plain(hint)(**more)
        if get_origin(hint) in (Union, UnionType):
            return self.union([each for each in arguments if each is not type(None)], **more)
        raise TypeError(f"There is no field for {hint}.")

    def union(self, options: list[Any], **more: Any) -> serializers.Field:
        if len(options) == 1:
            return self.field_of(options[0], **more)
        if str in options:
            (other,) = (each for each in options if each is not str)
            return TextOrField(self.plain(other), **more)
        return TaggedField({self.tags[each]: self.tagged(each) for each in options}, **more)
