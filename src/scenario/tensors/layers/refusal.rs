//! Why the arrays wanted of a file cannot be had, by what is there instead.

use std::cmp::Reverse;
use std::collections::HashSet;

use super::group::Group;
use super::{Refusal, Role, Side, Wanted};
use crate::scenario::convention::Convention;
use crate::scenario::fault::{listed, shown};

/// Of a layer that goes over its input once, where the file has two passes: which of them is meant cannot be told.
pub fn both_directions(wanted: &Wanted<'_>) -> Refusal {
    let message = format!("{} is bidirectional, but the layer of the scenario is not", wanted.layer());
    Refusal::new(message, "write `direction = \"bidirectional\"`: both directions come from the file")
}

impl Wanted<'_> {
    /// `the layer under the prefix …`, `layer 1 under the prefix …`.
    fn layer(&self) -> String {
        let place = under(self.prefix);
        match self.layer {
            0 => format!("the layer {place}"),
            number => format!("layer {number} {place}"),
        }
    }
}

/// Of two arrays that are read as the same one.
pub fn ambiguous((one, other): (&str, &str), wanted: &Wanted<'_>) -> Refusal {
    let message = format!("`{}` and `{}` are both the same of a layer {}", shown(one), shown(other), under(wanted.prefix));
    Refusal::new(message, "write a longer prefix, up to the name of the array")
}

/// ` under the prefix …`, where there is one.
fn under(prefix: &str) -> String {
    if prefix.is_empty() { "without a prefix".into() } else { format!("under the prefix `{}`", shown(prefix)) }
}

/// Why the arrays wanted are not found, by what is there instead.
pub fn missing(groups: &[Group<'_>], wanted: &Wanted<'_>) -> Refusal {
    let Wanted { convention, role, prefix, layer, side } = *wanted;
    let (fields, required) = convention.fields(role);
    let place = under(prefix);
    if required == 0 {
        let message = format!("{convention} has no names for the arrays of {}", role.described());
        return Refusal::new(message, "save them by the names of pytorch or keras, or write the numbers in the scenario");
    }
    let whole = |group: &Group<'_>, role| group.is_complete(role, Side::Forward);
    let here: Vec<&Group<'_>> = groups.iter().filter(|group| group.is_at(group.convention, prefix)).collect();
    let own: Vec<&&Group<'_>> = here.iter().filter(|group| group.convention == convention).collect();
    if let Some(names) =
        own.iter().filter(|group| group.number == layer).find_map(|group| group.twice(role, side.unwrap_or(Side::Forward)))
    {
        return ambiguous(names, wanted);
    }
    let numbers: Vec<String> = own.iter().filter(|group| whole(group, role)).map(|group| group.number.to_string()).collect();
    if own.iter().any(|group| whole(group, role) && group.number == layer) {
        let message = format!("{} has one direction, but the layer of the scenario is bidirectional", wanted.layer());
        return Refusal::new(message, "write `direction = \"forward\"` or `\"reverse\"`, or name another layer");
    }
    if !numbers.is_empty() {
        let message = format!("there is no layer {layer} {place}");
        let help = match convention {
            Convention::Pytorch => format!("the layers there are {}", listed(&numbers)),
            Convention::Keras | Convention::Onnx => format!("{convention} does not number layers; leave `layer` out"),
        };
        return Refusal::new(message, help);
    }
    let roles = match role {
        Role::Recurrent => Role::ALL,
        Role::Stateless => [Role::Stateless, Role::Recurrent],
    };
    let instead = roles.into_iter().find_map(|role| here.iter().find(|group| whole(group, role)).map(|group| (group, role)));
    if let Some((group, other)) = instead {
        let names = listed(&group.fields(other));
        if group.convention != convention {
            let message = format!("the arrays {place} have the names of {}: {names}", group.convention);
            return Refusal::new(message, format!("write `convention = \"{}\"`", group.convention));
        }
        let message = format!("the arrays {place} are those of {}: {names}", other.described());
        return Refusal::new(message, format!("change the layer's kind, or name another prefix; {}", prefixes(groups, wanted)));
    }
    let partial = own.iter().filter(|group| group.number == layer).map(|group| group.fields(role)).find(|has| !has.is_empty());
    if let Some(has) = partial.filter(|has| *has != ["bias"]) {
        let lacking: Vec<&str> = fields[..required].iter().copied().filter(|field| !has.contains(field)).collect();
        let message = format!("of the layer {place} there is {}, but not {}", listed(&has), listed(&lacking));
        return Refusal::new(message, format!("{} needs {}", role.described(), listed(&fields[..required])));
    }
    let message = format!("it has no arrays by the names of {convention} for {} {place}", role.described());
    Refusal::new(message, prefixes(groups, wanted))
}

/// The prefixes of layers of the role wanted, the nearest first; those of other conventions where there is none.
fn prefixes(groups: &[Group<'_>], wanted: &Wanted<'_>) -> String {
    // Nothing this long is a slip of the pen, and comparing it would take as long as it is.
    const LONGEST: usize = 80;
    let of = |convention: Convention| -> Vec<&str> {
        let mut whole: Vec<&Group<'_>> =
            groups.iter().filter(|g| g.convention == convention && g.is_layer(wanted.role)).collect();
        whole.sort_by_key(|group| Reverse(group.form));
        let mut taken = HashSet::new();
        whole.retain(|group| group.arrays.iter().all(|(.., name)| taken.insert(*name)));
        let mut prefixes: Vec<&str> = whole.iter().map(|group| group.prefix).collect();
        let asked: String = wanted.prefix.chars().take(LONGEST).collect();
        prefixes.sort_by_cached_key(|prefix| {
            let compared: String = prefix.chars().take(LONGEST).collect();
            (!prefix.ends_with(wanted.prefix), strsim::damerau_levenshtein(&asked, &compared), *prefix)
        });
        prefixes.dedup();
        prefixes
    };
    let shown = |prefixes: &[&str]| {
        let named = prefixes.iter().map(|prefix| if prefix.is_empty() { "none at all" } else { prefix });
        listed(&named.collect::<Vec<_>>())
    };
    let own = of(wanted.convention);
    if !own.is_empty() {
        return format!("the prefixes there are: {}", shown(&own));
    }
    for convention in Convention::ALL {
        let others = of(convention);
        if !others.is_empty() {
            return format!(
                "there are layers by the names of {convention}: write `convention = \"{convention}\"` and one of the prefixes {}",
                shown(&others)
            );
        }
    }
    let names = wanted.convention.fields(wanted.role);
    format!("save its arrays by the names of {}: {}", wanted.convention, listed(names.0))
}
