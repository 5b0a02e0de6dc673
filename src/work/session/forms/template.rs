//! What a template keeps of the form that posts.

use crate::ground::form_fields::RawForm;

/// Whether a field of the form says when, which a template does not.
fn says_when(name: &str) -> bool {
    ["on-", "until-"].iter().any(|start| name.starts_with(start))
        || ["date", "repeat", "key", "which"].contains(&name)
}

/// The fields of a form that a template keeps, of these names.
#[must_use]
pub fn fields_kept(form: &RawForm, names: &[&str]) -> Vec<(String, String)> {
    let kept = form.without(&[]).into_iter();
    kept.filter(|(name, value)| names.contains(&name.as_str()) && !says_when(name) && !value.is_empty())
        .collect()
}

#[cfg(test)]
mod tests {
    use super::fields_kept;
    use crate::ground::form_fields::RawForm;

    #[test]
    fn a_template_says_everything_but_when() {
        let pairs = [
            ("on-day", "1"),
            ("start", "8am"),
            ("role", "gp"),
            ("repeat", "weekly"),
            ("csrf_token", "x"),
            ("notes", ""),
        ];
        let form =
            RawForm::from_pairs(pairs.map(|(name, value)| (name.to_owned(), value.to_owned())).to_vec());
        let kept = fields_kept(&form, &["on-day", "start", "role", "repeat", "notes"]);
        assert_eq!(kept.iter().map(|(name, _)| name.as_str()).collect::<Vec<_>>(), ["start", "role"]);
    }
}
