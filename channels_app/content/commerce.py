"""Commerce messages: products of a catalog, orders to pay, and the status of an order."""

from collections.abc import Iterable
from dataclasses import dataclass

from channels_app.content.base import Values, one_line
from channels_app.content.interactive import Headed, Interactive, Titled


@dataclass(frozen=True, kw_only=True)
class Product(Interactive):
    """One product of a catalog; the provider shows its picture, name and price."""

    catalog_id: str
    product_id: str
    body: str = ""

    @property
    def preview(self) -> str:
        return one_line(self.body, "Product")


@dataclass(frozen=True, kw_only=True)
class ProductSection:
    product_ids: tuple[str, ...]
    title: str = ""


@dataclass(frozen=True, kw_only=True)
class ProductList(Titled):
    """Products to choose from, in sections; the header is required."""

    catalog_id: str
    sections: tuple[ProductSection, ...]

    @property
    def choices(self) -> Iterable[str]:
        return (section.title for section in self.sections)


@dataclass(frozen=True, kw_only=True)
class Catalog(Interactive):
    """The whole catalog, with the picture of one product: the first, unless one is named."""

    thumbnail_product_id: str = ""


@dataclass(frozen=True, kw_only=True)
class OrderDetails(Headed):
    """An order to review and pay. The payment service defines the `parameters`; they are sent
    unchanged.
    """

    parameters: Values


@dataclass(frozen=True, kw_only=True)
class OrderStatus(Interactive):
    """The status of an order; the `parameters` are sent unchanged."""

    parameters: Values
