//! The search of a row by its label: what is typed, the rows it is in, and where one was before.

use super::field::{Edit, Field};
use super::micro_step::Position;
use super::notice::Notice;
use super::state::{Change, State};

/// A search while its text is typed.
#[derive(Clone, Debug)]
pub struct Search {
    /// What is typed.
    field: Field,
    /// The labels as they are [searched](searchable); `x(12)` and so on where the scenario has none.
    labels: Vec<String>,
    /// The timesteps whose labels have the text in them, in order; all of them without a text.
    matches: Vec<usize>,
    /// Where one was.
    before: Position,
}

/// Which match.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Match {
    /// Its number among all, from 1; 0 where there is none.
    pub number: usize,
    /// How many there are.
    pub of: usize,
}

impl Search {
    fn new(labels: Vec<String>, before: Position) -> Self {
        let matches = (0..labels.len()).collect();
        Self { field: Field::default(), labels, matches, before }
    }

    /// What is typed.
    pub const fn field(&self) -> &Field {
        &self.field
    }

    /// Which of the matches a timestep is.
    pub fn at(&self, t: usize) -> Match {
        let number = self.matches.binary_search(&t).map_or(0, |index| index + 1);
        Match { number, of: self.matches.len() }
    }

    fn edit(&mut self, edit: Edit) {
        self.field.edit(edit);
        let text = self.field.text().to_lowercase();
        let fits = |t: &usize| self.labels.get(*t).is_some_and(|label| label.contains(&text));
        match edit {
            // A longer text is in no row that the shorter one was not in.
            Edit::Insert(_) => self.matches.retain(fits),
            Edit::DeleteChar | Edit::DeleteWord | Edit::Clear => self.matches = (0..self.labels.len()).filter(fits).collect(),
        }
    }

    /// The first match from a timestep on, or from the first one on.
    fn from(&self, t: usize) -> Option<usize> {
        let next = self.matches.partition_point(|&found| found < t);
        self.matches.get(next).or(self.matches.first()).copied()
    }

    /// The last match before a timestep, or of all.
    fn before(&self, t: usize) -> Option<usize> {
        let next = self.matches.partition_point(|&found| found < t);
        next.checked_sub(1).and_then(|index| self.matches.get(index)).or(self.matches.last()).copied()
    }
}

impl State {
    /// The search that is open.
    pub const fn search(&self) -> Option<&Search> {
        self.search.as_ref()
    }

    /// Opens a search.
    pub(super) fn open_search(&mut self) {
        let language = self.settings().language;
        let labels = (0..=self.last()).map(|t| match self.scenario().label(t) {
            Some(label) => searchable(label.get(language)),
            None => format!("x({t})"),
        });
        self.search = Some(Search::new(labels.collect(), self.position()));
    }

    /// Changes the text of the search that is open, and goes to the first row it is in, from where one was on.
    pub(super) fn edit_search(&mut self, edit: Edit) {
        let Some(search) = &mut self.search else { return };
        search.edit(edit);
        let before = search.before;
        let found = if search.field.text().is_empty() { None } else { search.from(before.t) };
        match found {
            Some(t) if t != before.t => self.go(t),
            _ => self.move_to(before, Change::None),
        }
    }

    /// Goes to the next row the text is in, and round.
    pub(super) fn next_match(&mut self) {
        if let Some(t) = self.search.as_ref().and_then(|search| search.from(self.bound_for().saturating_add(1))) {
            self.go(t);
        }
    }

    /// Goes to the row before that the text is in, and round.
    pub(super) fn previous_match(&mut self) {
        if let Some(t) = self.search.as_ref().and_then(|search| search.before(self.bound_for())) {
            self.go(t);
        }
    }

    /// Stays where the search has led; without a text, it leads on to the next row that the last text is in.
    pub(super) fn accept_search(&mut self) {
        if self.search.as_ref().is_some_and(|search| search.field.text().is_empty()) {
            for c in self.sought.clone().chars() {
                self.search.iter_mut().for_each(|search| search.edit(Edit::Insert(c)));
            }
            if !self.sought.is_empty() {
                self.next_match();
            }
        }
        let Some(search) = self.search.take() else { return };
        self.sought = search.field.text().to_owned();
        if !self.sought.is_empty() {
            let which = search.at(self.bound_for());
            self.heading_mut().notice = Some(Notice::Found { text: self.sought.clone(), which });
        }
    }

    /// Goes back to where one was before the search.
    pub(super) fn leave_search(&mut self) {
        if let Some(Search { before, .. }) = self.search.take() {
            self.move_to(before, Change::None);
        }
    }
}

/// A text in lower case and, where that is another, the same without accents below it: what is typed in lower case is found in
/// either, with its accents or without.
pub(super) fn searchable(text: &str) -> String {
    let lower = text.to_lowercase();
    if lower.is_ascii() {
        return lower;
    }
    let plain = deunicode::deunicode(&lower).to_lowercase();
    if plain == lower { lower } else { format!("{lower}\n{plain}") }
}
