"""Scaffolds: what a person finds for typical and for odd schemas."""

from __future__ import annotations

from kernel.tables.schema import Column, Reference, Schema
from layouts.app_manifest import parse_app
from layouts.known import Known
from layouts.load import check_layout
from layouts.scaffold import scaffold
from layouts.scaffold_name import in_expression

CUSTOMER = Schema(
    "Customer",
    (Column("Id", "integer"), Column("Name"), Column("Photo", "blob"), Column("Notes", "longtext")),
    ("Id",),
    label=("Name",),
)
INVOICE = Schema(
    "Invoice",
    (
        Column("Id", "integer"),
        Column("CustomerId", "integer", is_required=True),
        Column("Total", "decimal", is_generated=True),
    ),
    ("Id",),
    (Reference("customer", "Customer", ("CustomerId",), ("Id",)),),
)
LINE = Schema(
    "Invoice Line",
    (Column("Invoice Id", "integer"), Column("No", "integer"), Column("Text")),
    ("Invoice Id", "No"),
    (Reference("invoice", "Invoice", ("Invoice Id",), ("Id",)),),
)
EMPLOYEE = Schema(
    "Employee", (Column("Id", "integer"), Column("Name"), Column("ReportsTo", "integer")), ("Id",),
    (Reference("reportsto", "Employee", ("ReportsTo",), ("Id",)),), label=("Name",),
)  # fmt: skip
VIEW = Schema("totals", (Column("n", "integer"),), (), is_editable=False)


def made(*schemas: Schema) -> dict[str, str]:
    files = scaffold("my shop", "My Shop", schemas, "shop.sqlite")
    problems = check_layout("main.kdl", files.get, known=Known({schema.name: schema for schema in schemas}))[1]
    assert [str(problem) for problem in problems] == []
    parse_app(files["app.toml"])
    return {path: content.decode() for path, content in files.items()}


def test_details_stand_in_details() -> None:
    files = made(CUSTOMER, INVOICE, LINE)
    page = files["tables/customer.kdl"]
    assert 'id=customer_invoice filter="CustomerId == customer_view.current.Id"' in page
    assert "filter=\"col('Invoice Id') == customer_invoice.current.Id and col('Invoice Id') != null\"" in page
    assert "show Photo" not in page
    assert "field Photo" in page
    assert "field Notes lines=4" in page
    assert "field Total editable=#false" in files["tables/invoice.kdl"]
    assert 'show CustomerId label="Customer"' in files["tables/invoice.kdl"]
    assert "col('customer:label') contains invoice_search.text" in files["tables/invoice.kdl"]


def test_the_count_stands_between_search_and_grid_in_one_column() -> None:
    lines = [line.strip() for line in made(CUSTOMER)["tables/customer.kdl"].splitlines()]
    at = next(index for index, line in enumerate(lines) if line.startswith("search "))
    assert [line.split()[0] for line in lines[at - 1 : at + 3]] == ["column", "search", "label", "grid"]
    assert "customer_view.count < customer.count" in lines[at + 1]


def test_columns_of_a_file_stay_in_its_order() -> None:
    schema = Schema("people", (Column("Notes", "longtext"), Column("Id", "integer"), Column("Name")), (), label=("Name",))
    shown = {}
    for kind in ("csv", "sqlite"):
        page = scaffold("people", "People", [schema], "people.csv", kind=kind)["tables/people.kdl"].decode()
        shown[kind] = [line.split()[1] for line in page.splitlines() if line.strip().startswith("show ")]
    assert shown == {"csv": ["Notes", "Id", "Name"], "sqlite": ["Name", "Id", "Notes"]}


def test_a_table_that_refers_to_itself() -> None:
    page = made(EMPLOYEE)["tables/employee.kdl"]
    assert 'tab "Reportsto → Employee"' in page
    assert page.count("grid employee") == 2


def test_views_are_for_reading() -> None:
    page = made(VIEW)["tables/totals.kdl"]
    assert "editable=#false" in page
    assert "form" not in page


def test_a_database_without_tables() -> None:
    assert "no tables" in made()["main.kdl"]


def test_five_hundred_columns() -> None:
    page = made(Schema("wide", tuple(Column(f"c{index}") for index in range(500)), ("c0",)))["tables/wide.kdl"]
    assert page.count("show c") == 12
    assert page.count("field c") == 500


def test_tables_that_refer_to_each_other() -> None:
    one = Schema("a", (Column("i"), Column("b")), ("i",), (Reference("b", "b", ("b",), ("i",)),))
    other = Schema("b", (Column("i"), Column("a")), ("i",), (Reference("a", "a", ("a",), ("i",)),))
    page = made(one, other)["tables/a.kdl"]
    assert page.count("grid") == 2


def test_columns_in_expressions() -> None:
    assert in_expression("Name", "v") == "v.current.Name"
    assert in_expression("Unit Price", "v") == "col('v.current.Unit Price')"
    assert in_expression("it's") == 'col("it\'s")'
    assert in_expression("in") == "col('in')"


def test_a_column_without_a_name_is_left_out_and_told_of() -> None:
    nothing = Schema("t", (Column("id", "integer"), Column("")), ("id",), label=("",))
    page = made(nothing)["tables/t.kdl"]
    assert page.count("// The column without a name is left out.") == 2
    assert '""' not in page and "col('')" not in page
    assert "without a name" not in made(CUSTOMER)["tables/customer.kdl"]
    assert "without a name" in made(Schema("only", (Column(""),)))["tables/only.kdl"]


def test_a_table_whose_name_looks_like_a_source_is_named_with_its_source() -> None:
    files = scaffold("x", "X", [Schema("a/b", (Column("id"),)), Schema("main/c", (Column("id"),))], "x.sqlite")
    assert b'source="a/b"' in files["tables/a_b.kdl"]
    assert b'source="main/main/c"' in files["tables/main_c.kdl"]
