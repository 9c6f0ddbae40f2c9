//! What is wrong with the value of an option, said in the language asked for; all else that is wrong, in clap's own words.

use std::error::Error;
use std::fmt::{self, Display, Formatter};
use std::io::{self, Write};

use clap::error::ContextKind;

use crate::app::settings::Language;
use crate::scenario::text::Text;

/// Why a value is not taken.
#[derive(Clone, Debug)]
pub struct Refused(pub Text);

impl Display for Refused {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        f.write_str(self.0.get(Language::En))
    }
}

impl Error for Refused {}

/// Says what is wrong and ends the program.
pub(super) fn exit(error: &clap::Error, language: Language) -> ! {
    let refused = error.source().and_then(<dyn Error>::downcast_ref::<Refused>);
    if let (Language::Es, Some(Refused(reason))) = (language, refused) {
        let named = |kind| error.get(kind).map(ToString::to_string).unwrap_or_default();
        let (value, option) = (named(ContextKind::InvalidValue), named(ContextKind::InvalidArg));
        let reason = reason.get(language);
        let message =
            format!("error: valor no válido '{value}' para '{option}': {reason}\n\nPara más información, usar '--help'.\n");
        // That it cannot be written there is nowhere left to say.
        let _ = io::stderr().write_all(message.as_bytes());
        std::process::exit(2);
    }
    error.exit()
}
