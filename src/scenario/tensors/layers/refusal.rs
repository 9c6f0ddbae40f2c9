//! Why the arrays wanted of a file cannot be had, by what is there instead.

use std::cmp::Reverse;
use std::collections::HashSet;

use super::group::Group;
use super::{Refusal, Role, Side, Wanted};
use crate::scenario::convention::Convention;
use crate::scenario::fault::{listed, shown};
use crate::scenario::text::{Phrase, Text, both};

/// Of a layer that goes over its input once, where the file has two passes: which of them is meant cannot be told.
pub fn both_directions(wanted: &Wanted<'_>) -> Refusal {
    let message = both!(
        "{layer} is bidirectional, but the layer of the scenario is not",
        "{layer} es bidireccional, pero la capa del escenario no",
        layer = wanted.layer()
    );
    let help = Phrase {
        en: "write `direction = \"bidirectional\"`: both directions come from the file",
        es: "escribir `direction = \"bidirectional\"`: los dos sentidos vienen del archivo",
    };
    Refusal::new(message, help)
}

impl Wanted<'_> {
    /// `the layer under the prefix …`, `layer 1 under the prefix …`.
    fn layer(&self) -> Text {
        let place = under(self.prefix);
        match self.layer {
            0 => both!("the layer {place}", "la capa {place}", place),
            number => both!("layer {number} {place}", "la capa {number} {place}", place),
        }
    }
}

/// Of two arrays that are read as the same one.
pub fn ambiguous((one, other): (&str, &str), wanted: &Wanted<'_>) -> Refusal {
    let (one, other) = (shown(one), shown(other));
    let message = both!(
        "`{one}` and `{other}` are both the same of a layer {place}",
        "`{one}` y `{other}` son ambos el mismo de una capa {place}",
        place = under(wanted.prefix)
    );
    let help = Phrase {
        en: "write a longer prefix, up to the name of the array",
        es: "escribir un prefijo más largo, hasta el nombre del arreglo",
    };
    Refusal::new(message, help)
}

/// ` under the prefix …`, where there is one.
fn under(prefix: &str) -> Text {
    if prefix.is_empty() {
        return both!("without a prefix", "sin prefijo");
    }
    let prefix = shown(prefix);
    both!("under the prefix `{prefix}`", "con el prefijo `{prefix}`")
}

/// Why the arrays wanted are not found, by what is there instead.
pub fn missing(groups: &[Group<'_>], wanted: &Wanted<'_>) -> Refusal {
    let Wanted { convention, role, prefix, layer, side } = *wanted;
    let required = convention.fields(role).1;
    let (place, described) = (under(prefix), role.described());
    if required == 0 {
        let message = both!(
            "{convention} has no names for the arrays of {described}",
            "{convention} no tiene nombres para los arreglos de {described}",
            described
        );
        let help = Phrase {
            en: "save them by the names of pytorch or keras, or write the numbers in the scenario",
            es: "guardarlos con los nombres de pytorch o keras, o escribir los números en el escenario",
        };
        return Refusal::new(message, help);
    }
    let whole = |group: &Group<'_>, role| group.is_complete(role, Side::Forward);
    let here: Vec<&Group<'_>> = groups.iter().filter(|group| group.is_at(group.convention, prefix)).collect();
    let own: Vec<&&Group<'_>> = here.iter().filter(|group| group.convention == convention).collect();
    if let Some(names) =
        own.iter().filter(|group| group.number == layer).find_map(|group| group.twice(role, side.unwrap_or(Side::Forward)))
    {
        return ambiguous(names, wanted);
    }
    let mut at_layer = own.iter().filter(|group| group.number == layer);
    let partial = |group: &Group<'_>, side| {
        let has = group.fields_of(role, side);
        (!has.is_empty() && has != ["bias"] && !group.is_complete(role, side)).then_some(has)
    };
    if let Some(has) = at_layer.clone().find_map(|group| partial(group, Side::Backward).filter(|_| whole(group, role))) {
        let layer = both!("the backward pass of {layer}", "la pasada hacia atrás de {layer}", layer = wanted.layer());
        return lacking(&layer, &has, wanted);
    }
    let numbers: Vec<String> = own.iter().filter(|group| whole(group, role)).map(|group| group.number.to_string()).collect();
    if own.iter().any(|group| whole(group, role) && group.number == layer) {
        let message = both!(
            "{layer} has one direction, but the layer of the scenario is bidirectional",
            "{layer} tiene un solo sentido, pero la capa del escenario es bidireccional",
            layer = wanted.layer()
        );
        let help = Phrase {
            en: "write `direction = \"forward\"` or `\"reverse\"`, or name another layer",
            es: "escribir `direction = \"forward\"` o `\"reverse\"`, o nombrar otra capa",
        };
        return Refusal::new(message, help);
    }
    if !numbers.is_empty() {
        let message = both!("there is no layer {layer} {place}", "no hay capa {layer} {place}", place);
        let help = match convention {
            Convention::Pytorch => {
                both!("the layers there are {numbers}", "las capas que hay son {numbers}", numbers = listed(&numbers))
            }
            Convention::Keras | Convention::Onnx => both!(
                "{convention} does not number layers; leave `layer` out",
                "{convention} no numera las capas; quitar `layer`",
            ),
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
            let theirs = group.convention;
            let message = both!(
                "the arrays {place} have the names of {theirs}: {names}",
                "los arreglos {place} tienen los nombres de {theirs}: {names}",
                place,
                names
            );
            let help = both!("write `convention = \"{theirs}\"`", "escribir `convention = \"{theirs}\"`");
            return Refusal::new(message, help);
        }
        let message = both!(
            "the arrays {place} are those of {other}: {names}",
            "los arreglos {place} son los de {other}: {names}",
            place,
            names,
            other = other.described()
        );
        let help = both!(
            "change the layer's kind, or name another prefix; {prefixes}",
            "cambiar `kind` de la capa, o nombrar otro prefijo; {prefixes}",
            prefixes = prefixes(groups, wanted)
        );
        return Refusal::new(message, help);
    }
    if let Some(has) = at_layer.clone().find_map(|group| partial(group, Side::Forward)) {
        return lacking(&wanted.layer(), &has, wanted);
    }
    if at_layer.any(|group| group.is_complete(role, Side::Backward)) {
        let message = both!(
            "of {layer} there is only the backward pass",
            "de {layer} solo hay la pasada hacia atrás",
            layer = wanted.layer()
        );
        let help = Phrase {
            en: "save the forward pass too; or save it by the names of a layer of one direction, and write `direction = \"reverse\"`",
            es: "guardar también la pasada hacia delante; o guardarla con los nombres de una capa de un solo sentido, y escribir \
                 `direction = \"reverse\"`",
        };
        return Refusal::new(message, help);
    }
    let message = both!(
        "it has no arrays by the names of {convention} for {described} {place}",
        "no tiene arreglos con los nombres de {convention} para {described} {place}",
        described,
        place
    );
    Refusal::new(message, prefixes(groups, wanted))
}

/// Of a layer or a pass that has some of its arrays.
fn lacking(layer: &Text, has: &[&str], wanted: &Wanted<'_>) -> Refusal {
    let (fields, required) = wanted.convention.fields(wanted.role);
    let needed = &fields[..required];
    let lacking: Vec<&str> = needed.iter().copied().filter(|field| !has.contains(field)).collect();
    let message = both!(
        "of {layer} there is {has}, but not {lacking}",
        "de {layer} hay {has}, pero no {lacking}",
        layer,
        has = listed(has),
        lacking = listed(&lacking)
    );
    let (described, needed) = (wanted.role.described(), listed(needed));
    Refusal::new(message, both!("{described} needs {needed}", "{described} necesita {needed}", described, needed))
}

/// The prefixes of layers of the role wanted, the nearest first; those of other conventions where there is none.
fn prefixes(groups: &[Group<'_>], wanted: &Wanted<'_>) -> Text {
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
        const NONE: Phrase = Phrase { en: "none at all", es: "ninguno" };
        let named = |prefix| if str::is_empty(prefix) { NONE.into() } else { Text::same(prefix) };
        listed(&prefixes.iter().copied().map(named).collect::<Vec<_>>())
    };
    let own = of(wanted.convention);
    if !own.is_empty() {
        return both!("the prefixes there are: {own}", "los prefijos que hay: {own}", own = shown(&own));
    }
    for convention in Convention::ALL {
        let others = of(convention);
        if !others.is_empty() {
            return both!(
                "there are layers by the names of {convention}: write `convention = \"{convention}\"` and one of the prefixes {others}",
                "hay capas con los nombres de {convention}: escribir `convention = \"{convention}\"` y uno de los prefijos {others}",
                others = shown(&others)
            );
        }
    }
    let convention = wanted.convention;
    both!(
        "save its arrays by the names of {convention}: {names}",
        "guardar sus arreglos con los nombres de {convention}: {names}",
        names = listed(convention.fields(wanted.role).0)
    )
}
