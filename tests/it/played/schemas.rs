//! The schemas of the contract, as something that values can be held against.

use std::{
    cell::RefCell,
    collections::{BTreeSet, HashMap},
    rc::Rc,
};

use jsonschema::Validator;
use serde_json::{Map, Value, json};

const SCHEMAS: &str = "#/components/schemas/";

pub struct Schemas {
    all: Value,
    /// Made once each, by the schema as it is written.
    made: RefCell<HashMap<String, Rc<Validator>>>,
}

impl Schemas {
    pub fn of(contract: &Value) -> Self {
        Self { all: contract["components"]["schemas"].clone(), made: RefCell::default() }
    }

    /// What in a value does not fit a schema, each with its place.
    pub fn faults(&self, schema: &Value, value: &Value) -> Vec<String> {
        let validator = self.validator(schema);
        validator.iter_errors(value).map(|error| format!("{}: {error}", error.instance_path())).collect()
    }

    /// Fails if a value does not fit a schema.
    #[track_caller]
    pub fn hold(&self, schema: &Value, value: &Value, what: &str) {
        let faults = self.faults(schema, value);
        assert!(faults.is_empty(), "{what} does not fit its schema: {faults:#?}\n{value:#}");
    }

    fn validator(&self, schema: &Value) -> Rc<Validator> {
        let key = schema.to_string();
        if let Some(made) = self.made.borrow().get(&key) {
            return Rc::clone(made);
        }
        let needed: Map<String, Value> =
            self.reached(schema).into_iter().map(|name| (name.clone(), self.all[&name].clone())).collect();
        let whole = json!({ "allOf": [schema], "components": { "schemas": needed } });
        let made = jsonschema::draft202012::options().should_validate_formats(true).build(&whole).unwrap();
        let made = Rc::new(made);
        self.made.borrow_mut().insert(key, Rc::clone(&made));
        made
    }

    /// The names of all schemas that one leads to.
    fn reached(&self, schema: &Value) -> BTreeSet<String> {
        let (mut found, mut open) = (BTreeSet::new(), vec![schema]);
        while let Some(value) = open.pop() {
            match value {
                Value::Object(object) => {
                    let reference = object.get("$ref").and_then(Value::as_str);
                    if let Some(name) = reference.and_then(|reference| reference.strip_prefix(SCHEMAS))
                        && found.insert(name.to_owned())
                    {
                        open.push(&self.all[name]);
                    }
                    open.extend(object.values());
                }
                Value::Array(items) => open.extend(items),
                _ => {}
            }
        }
        found
    }
}
