"""What is for sale, and what was ordered: products of a catalog, orders to pay and their state."""

from collections.abc import Iterable
from dataclasses import dataclass

from channels_app.content.base import Values, one_line
from channels_app.content.interactive import Headed, Interactive, Titled


@dataclass(frozen=True, kw_only=True)
class Product(Interactive):
    """One product; the provider shows its picture, name and price."""

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
    """Products to choose from; its header is required."""

    catalog_id: str
    sections: tuple[ProductSection, ...]

    @property
    def choices(self) -> Iterable[str]:
        return (section.title for section in self.sections)


@dataclass(frozen=True, kw_only=True)
class Catalog(Interactive):
    """The whole catalog, with one product's picture: the first's, where none is named."""

    thumbnail_product_id: str = ""


@dataclass(frozen=True, kw_only=True)
class OrderDetails(Headed):
    """A bill to review and pay; `parameters` are the payment service's own words and pass through
    as they are.
    """

    parameters: Values


@dataclass(frozen=True, kw_only=True)
class OrderStatus(Interactive):
    """What became of an order; `parameters` pass through as they are."""

    parameters: Values
