//! Enough of HTML to fill in a form as a browser does: the controls of a form with the values that it would send.

/// The names and values that a form of a page sends, without its buttons. `marker` stands somewhere in the form's tag.
pub fn fields_of(page: &str, marker: &str) -> Vec<(String, String)> {
    let form = page.split("<form").skip(1).find(|form| form.split('>').next().unwrap().contains(marker));
    let form = form.unwrap_or_else(|| panic!("no form with {marker} in {page}")).split("</form>").next().unwrap();
    let mut fields = Vec::new();
    for (position, _) in form.match_indices('<') {
        let rest = &form[position + 1..];
        let name_of_tag: String = rest.chars().take_while(char::is_ascii_lowercase).collect();
        let tag = rest.split('>').next().unwrap();
        let Some(name) = attribute(tag, "name") else { continue };
        match name_of_tag.as_str() {
            "input" => match attribute(tag, "type").as_deref() {
                Some("checkbox" | "radio") if !tag.contains(" checked") => {}
                Some("file") => {}
                _ => fields.push((name, attribute(tag, "value").unwrap_or_default())),
            },
            "textarea" => {
                let text = rest.split_once('>').unwrap().1.split("</textarea>").next().unwrap();
                // A line break right behind the tag is not part of the text; browsers send CR LF.
                let text = unescape(text.strip_prefix('\n').unwrap_or(text)).replace('\n', "\r\n");
                fields.push((name, text));
            }
            "select" => {
                let options: Vec<&str> = rest.split("</select>").next().unwrap().split("<option").skip(1).collect();
                let selected = options.iter().find(|option| option.split('>').next().unwrap().contains(" selected"));
                if let Some(option) = selected.or(options.first()) {
                    fields.push((name, attribute(option.split('>').next().unwrap(), "value").unwrap_or_default()));
                }
            }
            _ => {}
        }
    }
    fields
}

fn attribute(tag: &str, name: &str) -> Option<String> {
    let rest = tag.split_once(&format!(" {name}=\""))?.1;
    Some(unescape(rest.split('"').next()?))
}

pub fn unescape(text: &str) -> String {
    text.replace("&lt;", "<").replace("&gt;", ">").replace("&quot;", "\"").replace("&amp;", "&")
}

/// The same fields with one of them set, or added.
pub fn with(mut fields: Vec<(String, String)>, name: &str, value: &str) -> Vec<(String, String)> {
    match fields.iter_mut().find(|(other, _)| other == name) {
        Some((_, old)) => *old = value.to_owned(),
        None => fields.push((name.to_owned(), value.to_owned())),
    }
    fields
}
