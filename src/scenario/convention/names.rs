//! Which of a layer's arrays are there, whatever their shapes: names of no array or of another convention, and what is missing.

use super::layout::{Role, fields, role_of};
use super::{Arrays, Convention, ConventionFault, Home, LayerKind, Stacked};
use crate::scenario::fault::{listed, near, nearest, shown};
use crate::scenario::tensors::Tensor;
use crate::scenario::text::{Noun, Phrase, Text, both, count};

/// An array of the layer that is whole and holds at least one number.
#[derive(Clone, Copy, Debug)]
pub struct Found<'a> {
    pub name: &'static str,
    pub role: Role,
    pub shape: &'a [usize],
    pub data: &'a [f64],
}

/// The arrays of a layer by their names.
pub struct Named<'a> {
    /// Those that can be read, in the order of the convention's fields.
    pub found: Vec<Found<'a>>,
    /// What is wrong with the others.
    pub faults: Vec<ConventionFault>,
    /// Those the layer does not have, and which no fault accounts for.
    absent: Vec<&'static str>,
    /// Names of the convention that what is in them, another array's misspelt name, or what has been reported accounts for.
    faulty: Vec<&'static str>,
}

impl<'a> Named<'a> {
    /// Looks at the names, and at whether each array is whole.
    pub fn new(stacked: &Stacked<'a>) -> Self {
        let fields = fields(stacked.convention, stacked.kind);
        let mut named = Self { found: Vec::new(), faults: Vec::new(), absent: Vec::new(), faulty: Vec::new() };
        for &name in fields {
            match (stacked.arrays.get(name), role_of(name)) {
                (Some(tensor), Some(role)) => match unreadable(name, &tensor.shape, tensor.data.len()) {
                    None => named.found.push(Found { name, role, shape: &tensor.shape, data: &tensor.data }),
                    Some(fault) => {
                        named.faults.push(fault);
                        named.faulty.push(name);
                    }
                },
                _ if stacked.reported.contains(&name) => named.faulty.push(name),
                _ => named.absent.push(name),
            }
        }
        for name in stacked.arrays.keys().filter(|name| !fields.contains(&name.as_str())) {
            named.unknown(stacked, name);
        }
        named
    }

    /// The array with a role, where it can be read.
    pub fn get(&self, role: Role) -> Option<Found<'a>> {
        self.found.iter().copied().find(|array| array.role == role)
    }

    /// Whether an array with this role was given and cannot be read.
    pub fn is_faulty(&self, role: Role) -> bool {
        self.faulty.iter().any(|name| role_of(name) == Some(role))
    }

    /// The name of the array with this role, where nothing stands for it.
    pub fn missing(&self, role: Role) -> Option<&'static str> {
        self.absent.iter().copied().find(|name| role_of(name) == Some(role))
    }

    /// A name the layer does not have in its convention; the absent name it may stand for is not missing.
    fn unknown(&mut self, stacked: &Stacked<'_>, name: &str) {
        let Stacked { convention, kind, .. } = *stacked;
        let mine = convention.name();
        let meant = role_of(name).and_then(|role| convention.name_of(kind, role)).filter(|mine| self.absent.contains(mine));
        let theirs = Convention::ALL.into_iter().find(|other| *other != convention && fields(*other, kind).contains(&name));
        let of_kind = LayerKind::ALL.into_iter().find(|other| fields(convention, *other).contains(&name));
        let slip = meant.or_else(|| near(name, &self.absent));
        let (message, help) = match (theirs, of_kind) {
            (_, Some(other)) => {
                let message = both!("{owner} has no `{name}`", "{owner} no tiene `{name}`", owner = stacked.owner());
                let help = both!(
                    "leave it out: {other} has it; {known}",
                    "quitarlo: lo tiene {other}; {known}",
                    other = other.with_article(),
                    known = known(convention, kind)
                );
                (message, help)
            }
            (Some(theirs), None) => {
                let message = both!(
                    "`{name}` is a name of {theirs}, but the convention is {mine}",
                    "`{name}` es un nombre de {theirs}, pero la convención es {mine}",
                );
                let help = match meant {
                    Some(meant) => both!("{mine} calls it `{meant}`", "en {mine} se llama `{meant}`"),
                    None => both!("leave it out; {known}", "quitarlo; {known}", known = known(convention, kind)),
                };
                (message, help)
            }
            (None, None) => {
                let help = match slip {
                    Some(meant) => both!("did you mean `{meant}`?", "¿quizá `{meant}`?"),
                    None => nearest(name, fields(convention, kind)),
                };
                let (name, owner) = (shown(name), stacked.owner());
                (both!("unknown array `{name}` for {owner}", "arreglo desconocido `{name}` para {owner}", owner), help)
            }
        };
        self.faults.push(ConventionFault::of_key(name, message, help));
        if let Some(meant) = slip {
            self.absent.retain(|absent| *absent != meant);
            self.faulty.push(meant);
        }
    }
}

/// What the arrays of the layer are called.
fn known(convention: Convention, kind: LayerKind) -> Text {
    let (fields, kind) = (listed(fields(convention, kind)), kind.name());
    both!("{convention}'s {kind} has {fields}", "la capa {kind} de {convention} tiene {fields}", fields)
}

impl Stacked<'_> {
    /// The arrays by the names a convention has for them in a layer of a kind, if it has one for each.
    pub fn renamed(&self, convention: Convention, kind: LayerKind) -> Option<Arrays> {
        let name = |(name, tensor): (&String, &Tensor)| Some((convention.own_name(kind, name)?.into(), tensor.clone()));
        self.arrays.iter().map(name).collect()
    }
}

/// What is wrong where all the names are those of one other convention: that, and what does not fit there.
pub fn named_otherwise(stacked: &Stacked<'_>) -> Option<Vec<ConventionFault>> {
    let Stacked { convention, kind, arrays, .. } = *stacked;
    let has_all = |convention: &Convention| {
        let fields = fields(*convention, kind);
        arrays.keys().all(|name| fields.contains(&name.as_str()))
    };
    if arrays.is_empty() || has_all(&convention) {
        return None;
    }
    let theirs = Convention::ALL.into_iter().find(has_all)?;
    let are = match arrays.len() {
        1 => Phrase { en: "is a name", es: "es un nombre" },
        _ => Phrase { en: "are names", es: "son nombres" },
    };
    let names = listed(&theirs.names_of(kind, arrays));
    let (mine, their) = (convention.name(), theirs.name());
    let message = both!(
        "{names} {are} of {their}, but the convention is {mine}",
        "{names} {are} de {their}, pero la convención es {mine}",
        names,
        are
    );
    let faults_as = |convention, arrays: &Arrays| Stacked { convention, arrays, ..*stacked }.parameters().err();
    let there = faults_as(theirs, arrays);
    let help = if there.is_none() {
        both!(
            "the shapes fit {their} too: write `convention = \"{their}\"`",
            "las formas también son de {their}: escribir `convention = \"{their}\"`",
        )
    } else if stacked.renamed(convention, kind).is_some_and(|renamed| faults_as(convention, &renamed).is_none()) {
        both!(
            "the shapes fit {mine}, which calls them {names}",
            "las formas son de {mine}, que los llama {names}",
            names = listed(&convention.names_of(kind, arrays))
        )
    } else {
        let there = there.unwrap_or_default();
        if there.iter().any(|fault| fault.key.as_deref() == Some("convention")) {
            return Some(there);
        }
        let help = both!("write `convention = \"{their}\"`", "escribir `convention = \"{their}\"`");
        return Some(std::iter::once(ConventionFault::of_key("convention", message, help)).chain(there).collect());
    };
    Some(vec![ConventionFault::of_key("convention", message, help)])
}

/// What to do where the arrays fit other conventions: `it fits …`.
pub fn fitting(others: &[Convention], kind: LayerKind, stacked: &Stacked<'_>) -> Text {
    let names = |other: &Convention| other.names_of(kind, stacked.arrays).join(", ");
    let mine = stacked.convention;
    match others {
        [only] if stacked.home == Home::File => both!(
            "{only}: save them as {mine} does, not transposed; or, if they are {only}'s, by its names, {names}, and write \
             `convention = \"{only}\"`",
            "{only}: guardarlos como lo hace {mine}, sin transponer; o, si son de {only}, con sus nombres, {names}, y escribir \
             `convention = \"{only}\"`",
            names = names(only)
        ),
        several if stacked.home == Home::File => {
            let each: Vec<String> = several.iter().map(|other| format!("{other} ({})", names(other))).collect();
            let [en, es] = [" and ", " y "].map(|and| each.join(and));
            both!(
                "{each}: save them as {mine} does, not transposed, or by the names of their convention",
                "{each}: guardarlos como lo hace {mine}, sin transponer, o con los nombres de su convención",
                each = Text::new(en, es)
            )
        }
        [only] => {
            let names = names(only);
            let rename = if names.contains(',') {
                Phrase { en: "rename them", es: "cambiarles el nombre a" }
            } else {
                Phrase { en: "rename it", es: "cambiarle el nombre a" }
            };
            both!(
                "{only}: write `convention = \"{only}\"` and {rename} {names}",
                "{only}: escribir `convention = \"{only}\"` y {rename} {names}",
                rename
            )
        }
        several => {
            let each: Vec<String> = several.iter().map(|other| format!("{} ({})", other.name(), names(other))).collect();
            let [en, es] = [" and ", " y "].map(|and| each.join(and));
            both!(
                "{each}: write the convention they come from, and its names",
                "{each}: escribir la convención de la que vienen, y sus nombres",
                each = Text::new(en, es)
            )
        }
    }
}

/// An array that is empty, or whose numbers are not as many as its shape says.
fn unreadable(name: &str, axes: &[usize], numbers: usize) -> Option<ConventionFault> {
    let room = axes.iter().try_fold(1, |room: usize, axis| room.checked_mul(*axis));
    if axes.contains(&0) {
        let help = match role_of(name) {
            Some(Role::InputWeights | Role::RecurrentWeights) => {
                Phrase { en: "give at least one unit and one input", es: "dar al menos una unidad y una entrada" }
            }
            _ => Phrase { en: "give its numbers, or leave it out", es: "dar sus números, o quitarlo" },
        };
        let message = both!("{name} is empty: it {found}", "{name} está vacío: {found}", found = found(axes));
        return Some(ConventionFault::of_key(name, message, help));
    }
    if room == Some(numbers) {
        return None;
    }
    let message = both!(
        "{name} {found}, but holds {numbers}",
        "{name} {found}, pero contiene {numbers}",
        found = found(axes),
        numbers = count(numbers, Noun::Number)
    );
    let help = Phrase {
        en: "save it once more: its shape and its numbers do not agree",
        es: "guardarlo otra vez: su forma y sus números no concuerdan",
    };
    Some(ConventionFault::of_key(name, message, help))
}

/// A shape: `16 × 3`.
pub fn shape(axes: &[usize]) -> String {
    axes.iter().map(usize::to_string).collect::<Vec<_>>().join(" × ")
}

/// What an array is: `is 16 × 3`, `has 16 numbers`.
pub fn found(axes: &[usize]) -> Text {
    match axes {
        [] => both!("is a single number", "es un solo número"),
        [n] => both!("has {numbers}", "tiene {numbers}", numbers = count(*n, Noun::Number)),
        axes => both!("is {shape}", "es {shape}", shape = shape(axes)),
    }
}
