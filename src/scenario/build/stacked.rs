//! Makes the stacked arrays of a framework, pasted or in a file, into the weights of a layer.

use std::ops::Range;
use std::rc::Rc;

use toml::Spanned;

use super::{Check, optional, or_default};
use crate::scenario::convention::{Arrays, Convention, ConventionFault, Home, LayerKind, LayerParameters, Stacked, Width};
use crate::scenario::file::of_file;
use crate::scenario::schema::Field;
use crate::scenario::schema::owner::key_of;
use crate::scenario::schema::stacked::{Origin, PastedTable, StoredTable};
use crate::scenario::tensors::layers::{self, Role, Side, Wanted};
use crate::scenario::tensors::{MOST_BYTES, SMALLER_NETWORK, TensorFile};
use crate::scenario::text::{Phrase, Text};

/// Where in which file the weights of a layer are.
pub(super) struct Located {
    /// As the scenario has it.
    name: String,
    file: Rc<TensorFile>,
    prefix: String,
    layer: usize,
    convention: Convention,
    linear_before_reset: Option<bool>,
}

/// What is known of a layer beside its arrays.
#[derive(Clone, Copy)]
pub(super) struct LayerOf<'o> {
    /// Its kind.
    pub(super) kind: LayerKind,
    /// `layer 1`, `the forward pass of layer 1`.
    pub(super) owner: &'o Text,
    /// How many inputs it has, where it is known.
    pub(super) inputs: Option<usize>,
    /// `reset_after`, where it is given.
    pub(super) reset_after: Option<bool>,
}

impl LayerOf<'_> {
    fn stacked<'a>(&self, convention: Convention, arrays: &'a Arrays, home: Home) -> Stacked<'a> {
        let Self { kind, inputs, reset_after, .. } = *self;
        Stacked { convention, kind, arrays, reported: &[], home, inputs, reset_after, linear_before_reset: None }
    }
}

impl Check<'_> {
    /// The weights of a layer that carries nothing, where they are stacked arrays.
    pub(super) fn stacked_layer<N>(
        &mut self,
        origin: Origin<N>,
        stored: Field<StoredTable>,
        span: Range<usize>,
        of: LayerOf<'_>,
    ) -> Result<LayerParameters, Option<Width>> {
        match origin {
            Origin::Named(_) | Origin::Pasted(None) => Err(None),
            Origin::Pasted(Some(table)) => self.pasted(&table, span, of),
            Origin::Stored => {
                let Some(located) = self.located(stored, of.owner) else { return Err(None) };
                self.stored(&located, None, of)
            }
        }
    }

    /// The weights of arrays pasted into a table.
    pub(super) fn pasted(
        &mut self,
        table: &PastedTable,
        span: Range<usize>,
        of: LayerOf<'_>,
    ) -> Result<LayerParameters, Option<Width>> {
        let PastedTable { convention, arrays, reported, linear_before_reset, places } = table;
        let place = |fault: &ConventionFault| fault.key.as_ref().and_then(|key| places.get(key)).unwrap_or(&span).clone();
        let home = Home::Scenario;
        let stacked = Stacked { reported, linear_before_reset: *linear_before_reset, ..of.stacked(*convention, arrays, home) };
        self.stacked(&stacked, place)
    }

    /// Where in which file a layer's weights are, as far as the scenario says it well and the file can be opened.
    pub(super) fn located(&mut self, stored: Field<StoredTable>, owner: &Text) -> Option<Spanned<Located>> {
        let stored = optional(stored)?;
        let span = stored.span();
        let StoredTable { file, prefix, layer, convention, linear_before_reset } = stored.into_inner();
        let owner = key_of("weights", owner);
        let help = Phrase {
            en: "add `file = \"model.safetensors\"`, a file beside the scenario",
            es: "añadir `file = \"model.safetensors\"`, un archivo junto al escenario",
        };
        let name = self.required(file, "file", &owner, span.clone(), help);
        let help = Phrase {
            en: "add `convention = \"pytorch\"`, `\"keras\"` or `\"onnx\"`",
            es: "añadir `convention = \"pytorch\"`, `\"keras\"` u `\"onnx\"`",
        };
        let convention = self.required(convention, "convention", &owner, span.clone(), help);
        let file = name.as_ref().and_then(|name| self.tensor_file(name));
        let located = Located {
            name: name?.into_inner(),
            file: file?,
            prefix: or_default(prefix, String::new())?,
            layer: or_default(layer, 0)?,
            convention: convention?.into_inner(),
            linear_before_reset,
        };
        Some(Spanned::new(span, located))
    }

    /// The weights of a layer, or of one direction of a bidirectional one, from a file.
    pub(super) fn stored(
        &mut self,
        located: &Spanned<Located>,
        side: Option<Side>,
        of: LayerOf<'_>,
    ) -> Result<LayerParameters, Option<Width>> {
        let span = located.span();
        let Located { name, file, prefix, layer, convention, linear_before_reset } = located.get_ref();
        let role = if of.kind.recurrent().is_some() { Role::Recurrent } else { Role::Stateless };
        match layers::arrays(file, &Wanted { convention: *convention, role, prefix, layer: *layer, side }) {
            Ok(arrays) => {
                let arrays: Arrays = arrays.into_iter().map(|(name, tensor)| (name.to_owned(), tensor)).collect();
                let stacked =
                    Stacked { linear_before_reset: *linear_before_reset, ..of.stacked(*convention, &arrays, Home::File) };
                self.stacked(&stacked, |_| span.clone())
            }
            Err(refusal) => {
                self.fault(span, of_file(name, &refusal.message), refusal.help);
                Err(None)
            }
        }
    }

    /// The weights that arrays are, or how wide the layer is, where that is known and something else is wrong.
    fn stacked(
        &mut self,
        stacked: &Stacked<'_>,
        place: impl Fn(&ConventionFault) -> Range<usize>,
    ) -> Result<LayerParameters, Option<Width>> {
        stacked.parameters().map_err(|faults| {
            for fault in faults {
                self.fault(place(&fault), fault.message, fault.help);
            }
            stacked.width()
        })
    }

    /// A file of arrays, opened once for all layers that name it; what is wrong with it is said at the first.
    fn tensor_file(&mut self, name: &Spanned<String>) -> Option<Rc<TensorFile>> {
        let identity = self.folder.identity(name.get_ref());
        if let Some(known) = self.tensor_files.get(&identity) {
            return known.clone();
        }
        let opened = match self.folder.read(name.get_ref(), MOST_BYTES, SMALLER_NETWORK) {
            Err(unreadable) => Err((unreadable.message, unreadable.help)),
            Ok(bytes) => TensorFile::from_bytes(name.get_ref(), bytes)
                .map_err(|refusal| (of_file(name.get_ref(), &refusal.message), refusal.help)),
        };
        let opened = match opened {
            Ok(file) => Some(Rc::new(file)),
            Err((message, help)) => {
                self.fault(name.span(), message, help);
                None
            }
        };
        self.tensor_files.insert(identity, opened.clone());
        opened
    }
}
