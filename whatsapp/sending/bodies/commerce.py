"""Products, catalogs and orders in Meta's words."""

from channels_app.content import (
    Catalog,
    OrderDetails,
    OrderStatus,
    Product,
    ProductList,
    ProductSection,
)
from whatsapp.json_values import Json
from whatsapp.sending import limits
from whatsapp.sending.bodies.interactive import (
    body,
    footer,
    header,
    interactive,
    optional_body,
    section_title,
)
from whatsapp.sending.limits import ID, Check, present


def product(content: Product, check: Check) -> Json:
    return interactive(
        "product",
        {
            "catalog_id": catalog_id(content.catalog_id, check),
            **item(content.product_id, "the product", check),
        },
        body=optional_body(content.body, check),
        footer=footer(content.footer, check),
    )


def product_list(content: ProductList, check: Check) -> Json:
    check.count("sections", len(content.sections), limits.SECTIONS)
    check.count(
        "products in all sections",
        sum(len(each.product_ids) for each in content.sections),
        limits.PRODUCTS,
    )
    sections = [
        section(each, n, len(content.sections), check) for n, each in enumerate(content.sections, 1)
    ]
    return interactive(
        "product_list",
        {"catalog_id": catalog_id(content.catalog_id, check), "sections": sections},
        header={"type": "text", "text": check.words("The header", content.header, limits.HEADER)},
        body=body(content.body, check),
        footer=footer(content.footer, check),
    )


def section(content: ProductSection, number: int, of: int, check: Check) -> Json:
    items = [
        item(each, f"product {n} of section {number}", check)
        for n, each in enumerate(content.product_ids, 1)
    ]
    return {**section_title(content.title, number, of, check), "product_items": items}


def item(product_id: str, where: str, check: Check) -> Json:
    return {"product_retailer_id": check.words(f"The id of {where}", product_id, ID)}


def catalog_id(value: str, check: Check) -> str:
    return check.words("The catalog's id", value, ID)


def catalog(content: Catalog, check: Check) -> Json:
    thumbnail = check.optional(
        "The id of the thumbnail's product", content.thumbnail_product_id, ID
    )
    return interactive(
        "catalog_message",
        {
            "name": "catalog_message",
            **present(parameters=present(thumbnail_product_retailer_id=thumbnail)),
        },
        body=body(content.body, check),
        footer=footer(content.footer, check),
    )


def order_details(content: OrderDetails, check: Check) -> Json:
    return interactive(
        "order_details",
        {
            "name": "review_and_pay",
            "parameters": check.passing("The order's parameters", content.parameters),
        },
        header=header(content.header, check),
        body=body(content.body, check),
        footer=footer(content.footer, check),
    )


def order_status(content: OrderStatus, check: Check) -> Json:
    return interactive(
        "order_status",
        {
            "name": "review_order",
            "parameters": check.passing("The order's parameters", content.parameters),
        },
        body=body(content.body, check),
        footer=footer(content.footer, check),
    )
