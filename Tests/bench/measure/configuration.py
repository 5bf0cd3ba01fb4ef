"""The configuration that the programs are measured with."""

from .lab import FIELD_MAP

TOKEN = "bench-token"


def connection(warehouse):
    return f"Driver=SQLite3;Database={warehouse};Timeout=130000;StepAPI=1"


def write(folder, warehouse, endpoint="http://127.0.0.1:9/v2"):
    """Writes it to the folder, where the journal lies too; returns the environment that names it."""
    token = folder / "monday-token"
    token.touch(mode=0o600)
    token.write_text(TOKEN)
    file = folder / "ordersync.yaml"
    file.write_text(
        f"""
journal:
  path: {folder}/journal.sqlite
source:
  connection: {connection(warehouse)}
monday:
  endpoint: {endpoint}
  token_file: {token}
  board: 9200517329
  external_key_column: text_ordersync_key
field_map: {FIELD_MAP}
http:
  listen: "off"
"""
    )
    return {"ORDERSYNC_CONFIG": str(file)}
