//! The JSON Schema of schema.toml, for editors: made from the same list of keys that the parser checks a document against.

use serde_json::{Map, Value, json};

use super::keys::{Key, Object, ROOT, Shape};

/// The language as a JSON Schema, draft 2020-12.
pub fn json_schema() -> Value {
    let mut definitions = Map::new();
    let mut schema = object(&ROOT, &mut definitions);
    let head = json!({
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "schema.toml of dbtool",
        "description": "The declared schema of a database.",
    });
    let Value::Object(mut whole) = head else { return schema };
    if let Value::Object(body) = &mut schema {
        whole.append(body);
    }
    whole.insert("$defs".to_owned(), Value::Object(definitions));
    Value::Object(whole)
}

fn object(object: &'static Object, definitions: &mut Map<String, Value>) -> Value {
    let properties: Map<String, Value> = object.keys.iter().map(|key| (key.name.to_owned(), property(key, definitions))).collect();
    let mut value = json!({ "type": "object", "properties": properties, "additionalProperties": false });
    if !object.required.is_empty() {
        value["required"] = json!(object.required);
    }
    value
}

fn property(key: &'static Key, definitions: &mut Map<String, Value>) -> Value {
    let mut value = shape(&key.shape, definitions);
    value["description"] = json!(format!("{}\n\n{}", key.doc, key.example));
    value
}

fn shape(of: &'static Shape, definitions: &mut Map<String, Value>) -> Value {
    match of {
        Shape::Text | Shape::Sql => json!({ "type": "string" }),
        Shape::Flag => json!({ "type": "boolean" }),
        Shape::Integer => json!({ "type": "integer" }),
        Shape::Scalar => json!({ "type": ["string", "number", "boolean"] }),
        Shape::Word(words) => json!({ "enum": words }),
        Shape::List(item) => json!({ "type": "array", "items": shape(item, definitions) }),
        Shape::Map(_, value) => json!({ "type": "object", "additionalProperties": shape(value, definitions) }),
        Shape::Any(shapes) => json!({ "anyOf": shapes.iter().map(|inner| shape(inner, definitions)).collect::<Vec<_>>() }),
        Shape::Object(inner) => {
            if !definitions.contains_key(inner.id) {
                // The place is kept before the content is known, so that definitions stand in the order in which they are met.
                definitions.insert(inner.id.to_owned(), Value::Null);
                let definition = object(inner, definitions);
                definitions.insert(inner.id.to_owned(), definition);
            }
            json!({ "$ref": format!("#/$defs/{}", inner.id) })
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Every key that the check of a document takes, as a path of object and key.
    fn accepted(shape: &'static Shape, keys: &mut Vec<(&'static str, &'static str)>) {
        match shape {
            Shape::Object(object) if !keys.iter().any(|(id, _)| *id == object.id) => {
                keys.extend(object.keys.iter().map(|key| (object.id, key.name)));
                object.keys.iter().for_each(|key| accepted(&key.shape, keys));
            }
            Shape::List(inner) | Shape::Map(_, inner) => accepted(inner, keys),
            Shape::Any(shapes) => shapes.iter().for_each(|shape| accepted(shape, keys)),
            _ => {}
        }
    }

    #[test]
    fn every_key_that_the_parser_accepts_is_in_it() {
        static TOP: Shape = Shape::Object(&ROOT);
        let schema = json_schema();
        let mut keys = Vec::new();
        accepted(&TOP, &mut keys);
        assert!(keys.len() > 100, "{}", keys.len());
        for (id, key) in keys {
            let definition = if id == "root" { &schema } else { &schema["$defs"][id] };
            assert!(definition["properties"][key]["description"].is_string(), "{id}.{key}");
        }
    }

    #[test]
    fn every_reference_leads_to_a_definition() {
        let schema = json_schema();
        let text = schema.to_string();
        for reference in text.split("\"#/$defs/").skip(1) {
            let id = reference.split('"').next().unwrap();
            assert_eq!(schema["$defs"][id]["type"], "object", "{id}");
        }
    }
}
