"""Fields of forms that several pages have."""

from typing import Any

from django import forms


class AddressField(forms.EmailField):
    """An e-mail address as the database keeps it, in small letters."""

    def __init__(self, **options: Any) -> None:
        super().__init__(**{"max_length": 254, **options})

    def clean(self, value: Any) -> str:
        return super().clean(value).lower()
