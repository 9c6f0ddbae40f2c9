//! The files that a scenario's text names: where to look for a change of what it shows.

use toml::de::{DeTable, DeValue};

/// Every `file` in the text, wherever it stands; none where the text is not TOML.
pub fn files(text: &str) -> Option<Vec<String>> {
    let table = DeTable::parse(text).ok()?;
    let mut files = Vec::new();
    collect(table.get_ref(), &mut files);
    Some(files)
}

fn collect(table: &DeTable<'_>, files: &mut Vec<String>) {
    for (key, value) in table {
        match value.get_ref() {
            DeValue::String(name) if key.get_ref() == "file" => files.push(name.clone().into_owned()),
            DeValue::Table(table) => collect(table, files),
            DeValue::Array(values) => {
                for table in values.iter().filter_map(|value| value.get_ref().as_table()) {
                    collect(table, files);
                }
            }
            _ => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use super::files;

    #[test]
    fn every_file_is_found_wherever_it_stands() {
        let text = "title = \"file = 'no'\"\n[input]\nfile = \"rows.csv\"\n[[layer]]\nweights = { file = \"a.npz\" }\n\
                    [[layer]]\n[layer.forward]\nweights.file = \"b/c.npz\"\n";
        let mut found = files(text).unwrap_or_default();
        found.sort();
        assert_eq!(found, ["a.npz", "b/c.npz", "rows.csv"]);
        assert_eq!(files("title = "), None);
    }
}
