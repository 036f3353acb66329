"""Rows that hold secrets: sealed to their table, tenant and id, so that no copy of the text opens
anywhere else.
"""

import json
from typing import ClassVar

from django.db import models

from tenants import encryption


class Sealed(models.Model):
    """Mix-in of a TenantModel with secrets; another model says by `_seal_of` what they belong to.
    `credentials` is text of tenants/encryption.py, or empty; `what_is_sealed`: what the secrets
    are, as the beginning of a sentence.
    """

    what_is_sealed: ClassVar[str]

    credentials = models.TextField(blank=True, editable=False)

    # since it was read: what an older reader holds must not overwrite a newer seal
    is_sealed_anew = False

    class Meta:
        abstract = True

    def seal(self, **secrets: str) -> None:
        """Replace the credentials. The tenant and the id are part of the seal."""
        self.credentials, self.is_sealed_anew = (
            encryption.seal(json.dumps(secrets), self._seal_of()),
            True,
        )

    def replace(self, **secrets: str) -> None:
        """Replace these secrets; the other sealed ones stay, as far as they can be opened."""
        try:
            known = self.secrets() if self.credentials else {}
        except encryption.CannotOpen:
            known = {}
        self.seal(**known | secrets)

    def secrets(self) -> dict[str, str]:
        """Return the credentials in clear, for a provider's call only; raises CannotOpen."""
        return json.loads(encryption.unseal(self.credentials, self._seal_of(), self.what_is_sealed))

    def secret(self, name: str) -> str:
        """Return one of the credentials; raises CannotOpen, also where there is none."""
        try:
            return self.secrets()[name]
        except KeyError:
            raise encryption.CannotOpen(self.what_is_sealed) from None

    def _seal_of(self) -> str:
        return f"{self._meta.db_table}|credentials|{self.tenant_id}|{self.pk}"  # type: ignore[attr-defined]
