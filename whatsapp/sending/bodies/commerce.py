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
            **item(content.product_id, check.at("/product_id", "the product")),
        },
        body=optional_body(content.body, check),
        footer=footer(content.footer, check),
    )


def product_list(content: ProductList, check: Check) -> Json:
    products = sum(len(each.product_ids) for each in content.sections)
    check.at("/sections").count("sections", len(content.sections), limits.SECTIONS)
    check.at("/sections").count("products in all sections", products, limits.PRODUCTS)
    sections = [
        section(*each, is_only=len(content.sections) == 1)
        for each in check.each("/sections", "section", content.sections)
    ]
    of_header = check.at("/header", "the header")
    return interactive(
        "product_list",
        {"catalog_id": catalog_id(content.catalog_id, check), "sections": sections},
        header={"type": "text", "text": of_header.words(content.header, limits.HEADER)},
        body=body(content.body, check),
        footer=footer(content.footer, check),
    )


def section(content: ProductSection, check: Check, *, is_only: bool) -> Json:
    items = [item(*each) for each in check.each("/product_ids", "product", content.product_ids)]
    return {**section_title(content.title, check, is_only=is_only), "product_items": items}


def item(product_id: str, check: Check) -> Json:
    return {"product_retailer_id": check.at("", "the id").words(product_id, ID)}


def catalog_id(value: str, check: Check) -> str:
    return check.at("/catalog_id", "the catalog's id").words(value, ID)


def catalog(content: Catalog, check: Check) -> Json:
    of_thumbnail = check.at("/thumbnail_product_id", "the id of the thumbnail's product")
    thumbnail = of_thumbnail.optional(content.thumbnail_product_id, ID)
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
        {"name": "review_and_pay", "parameters": parameters(content.parameters, check)},
        header=header(content.header, check),
        body=body(content.body, check),
        footer=footer(content.footer, check),
    )


def order_status(content: OrderStatus, check: Check) -> Json:
    return interactive(
        "order_status",
        {"name": "review_order", "parameters": parameters(content.parameters, check)},
        body=body(content.body, check),
        footer=footer(content.footer, check),
    )


def parameters(values: Json, check: Check) -> Json:
    return check.at("/parameters", "the order's parameters").passing(values)
