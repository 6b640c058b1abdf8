"""Whether the first line of a file of separated values names its columns."""

from __future__ import annotations

import pytest

from kernel.tables.files.source import open_files
from kernel.tables.query import Query


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("name,2023,2024\nAnna,5,6\n", ["name", "2023", "2024"]),
        ("2022,2023,2024\n5,6,7\n1.5,,8\n", ["2022", "2023", "2024"]),
        ("country,2023\nNorway,5484326\n", ["country", "2023"]),
        ("name,2024-01-01,2024-02-01\nAnna,5,6\n", ["name", "2024-01-01", "2024-02-01"]),
        (",name,age\n0,Anna,31\n1,Bert,40\n", ["column 1", "name", "age"]),
        (",name,city\nx,Anna,Rome\n", ["column 1", "name", "city"]),
        ("name,age,\nAnna,31,\n", ["name", "age", "column 3"]),
        ("a,a,b\n1,2,3\n", ["a", "a 2", "b"]),
        ("name\nAnna\nBert\n", ["name"]),
        ("price\n5\n6\n", ["price"]),
        ("2024\n17\n25\n", ["2024"]),
        ("a,b\nx,y\n", ["a", "b"]),
        ("a,b\n", ["a", "b"]),
        ("a,b\nx,y\na,b\nz,y\n", ["a", "b"]),  # files put one after the other
        ("name,type\nid,int\nname,text\n", ["name", "type"]),
    ],
)
def test_a_line_of_names(tmp_path, text, names):
    schema, _ = read(tmp_path, text)
    assert [column.name for column in schema.columns] == names


@pytest.mark.parametrize(
    "text",
    [
        "Anna,1984\nBert,1990\nCarl,2001\n", "1,2\n3,4\n", "5\n6\n", "red\nblue\nred\n",
        "yes,no\nyes,yes\nno,no\n",
        "Anna,12,n/a\nBert,13,5\nCarl,14,6\n", "Anna,,Rome\nBert,x,Oslo\n", "2023\n2024\n2025\n", "a,a\nx,y\n",
        "2024-01-01,5\n2024-01-02,6\n", "1\n", "true,1\nfalse,0\n",
    ],
)  # fmt: skip
def test_a_line_of_values(tmp_path, text):
    schema, block = read(tmp_path, text)
    assert [column.name for column in schema.columns] == [f"column {n + 1}" for n in range(len(schema.columns))]
    assert len(block) == text.count("\n")


def read(folder, text):
    (folder / "t.csv").write_text(text)
    source = open_files({"kind": "csv", "path": "t.csv"}, folder)
    table = source.table("t")
    block = table.fetch(Query(), 0, 99)
    source.close()
    return table.schema, block
