progenitor::generate_api!(spec = "../../openapi/openapi-3.0.json");
fn main() {}
