import pytest

from exotherm.usecases.new import EXAMPLES, UnableToMakeWorkspace, new_workspace


@pytest.mark.parametrize("example", EXAMPLES)
def test_an_example_is_written_with_its_schemas_beside_it(example, pool_folder, tmp_path):
    source = pool_folder.parent / example
    written = {path.name: path for path in new_workspace(tmp_path / "site", example=example)}
    documents = {path.name for path in source.glob("*.toml")}
    schemas = {name.replace(".toml", ".schema.json") for name in documents}
    assert set(written) == schemas | {path.name for path in source.iterdir()}
    for name, path in written.items():
        kept = (source.parent if name in schemas else source) / name
        if name in documents:
            first, _, rest = path.read_text("utf-8").partition("\n")
            assert first == f"#:schema ./{name.removesuffix('.toml')}.schema.json"
            assert rest == kept.read_text("utf-8").partition("\n")[2]
        else:
            assert path.read_bytes() == kept.read_bytes()


def test_the_pool_is_the_first_example(tmp_path):
    new_workspace(tmp_path / "site")
    assert "[pool]" in (tmp_path / "site" / "site.toml").read_text("utf-8")


def test_nothing_is_written_over(tmp_path):
    (tmp_path / "mine.txt").write_text("mine")
    with pytest.raises(UnableToMakeWorkspace, match=r"mine\.txt"):
        new_workspace(tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == ["mine.txt"]
