//! A one-line text field: what was typed, with the cursor at its end.
//!
//! Whatever awaits text holds a [`Field`] and gives [`Mode::Text`](super::keymap::Mode) while it does, so that
//! [`keymap::action`](super::keymap::action) turns keys into [`Action::Type`](super::action::Action), which goes to
//! [`Field::edit`], [`Action::Accept`](super::action::Action) and [`Action::Close`](super::action::Action);
//! `view::field::draw` shows it.

/// The most characters a field takes; what is typed beyond them is not taken.
pub const MOST: usize = 200;

/// One change of a field.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Edit {
    /// A character at the end; a control character is none.
    Insert(char),
    /// The last character goes.
    DeleteChar,
    /// The last word goes, with the blanks after it.
    DeleteWord,
    /// All of it goes.
    Clear,
}

/// A one-line text field.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Field {
    text: String,
}

impl Field {
    /// A field that holds a text already, as far as it takes it.
    pub fn of(text: &str) -> Self {
        let mut field = Self::default();
        text.chars().for_each(|c| field.edit(Edit::Insert(c)));
        field
    }

    /// What is in it.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// Changes it.
    pub fn edit(&mut self, edit: Edit) {
        match edit {
            Edit::Insert(c) if c.is_control() || self.text.chars().count() >= MOST => {}
            Edit::Insert(c) => self.text.push(c),
            Edit::DeleteChar => drop(self.text.pop()),
            Edit::DeleteWord => {
                let word = self.text.trim_end().rfind(char::is_whitespace);
                let blank = |at: usize| self.text[at..].chars().next().map_or(0, char::len_utf8);
                self.text.truncate(word.map_or(0, |at| at + blank(at)));
            }
            Edit::Clear => self.text.clear(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Edit, Field, MOST};

    fn edited(text: &str, edit: Edit) -> String {
        let mut field = Field::of(text);
        field.edit(edit);
        field.text().to_owned()
    }

    #[test]
    fn characters_are_added_and_deleted_at_the_end() {
        assert_eq!(edited("añ", Edit::Insert('o')), "año");
        assert_eq!(edited("año", Edit::DeleteChar), "añ");
        assert_eq!(edited("", Edit::DeleteChar), "");
        assert_eq!(edited("1987", Edit::Clear), "");
    }

    #[test]
    fn a_word_is_deleted_with_the_blanks_after_it() {
        assert_eq!(edited("the year  ", Edit::DeleteWord), "the ");
        assert_eq!(edited("el\u{a0}año", Edit::DeleteWord), "el\u{a0}");
        assert_eq!(edited("1987", Edit::DeleteWord), "");
        assert_eq!(edited("", Edit::DeleteWord), "");
    }

    #[test]
    fn it_takes_no_control_character_and_no_more_than_it_holds() {
        assert_eq!(edited("a", Edit::Insert('\u{1b}')), "a");
        let full = "é".repeat(MOST);
        assert_eq!(edited(&full, Edit::Insert('x')), full);
    }
}
