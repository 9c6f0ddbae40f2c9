//! Input rows from a CSV file beside the scenario: a header line, then one row per timestep.

use std::ops::Range;

use ndarray::Array2;

use super::fault::{Fault, Faults, Source, shown};
use super::file::{self, Folder, Unreadable};
use super::text::{Lines, Noun, Phrase, Text, both, count, printable};

/// The largest CSV file read.
const MOST_BYTES: u64 = 1 << 30;

const NAMES_NONE: Phrase = Phrase { en: "the header names no column", es: "el encabezado no nombra ninguna columna" };

const SMALLER: Phrase = Phrase { en: "split it, or leave out rows", es: "partirlo, o quitar filas" };

/// A CSV file's text and header.
pub struct CsvTable {
    source: Source,
    /// The names in the first line.
    pub header: Vec<String>,
    /// Where that line is.
    first_line: Range<usize>,
}

/// Why there are no rows.
pub enum Problem {
    /// The file cannot be read: the fault is in the scenario that names it.
    Unreadable(Unreadable),
    /// The file is read, but something in it is wrong.
    Content(Faults),
}

/// Opens a CSV file named by a scenario in `folder`.
///
/// # Errors
///
/// A file that is not there, not within reach, not a regular file, not text, or without a header.
pub fn read(name: &str, folder: &Folder) -> Result<CsvTable, Problem> {
    let bytes = folder.read(name, MOST_BYTES, SMALLER).map_err(Problem::Unreadable)?;
    let display = folder.display(name);
    let text = file::utf8(&display, bytes).map_err(Problem::Content)?;
    let source = Source::new(display, text);
    if let Some(quote) = open_quote(&source.text) {
        let message = Phrase {
            en: "this quote is not closed: the rest of the file is one cell",
            es: "estas comillas no se cierran: el resto del archivo es una sola casilla",
        };
        let help = Phrase {
            en: "close the cell with another `\"`, or leave the quote out",
            es: "cerrar la casilla con otras `\"`, o quitar las comillas",
        };
        return Err(Problem::Content(Fault::at(&source, quote..quote + 1, message, help).into()));
    }
    let (header, first_line): (Vec<String>, _) = match reader(&source.text).headers() {
        Ok(record) => {
            let names = record.iter().map(|name| printable(name.trim(), Lines::One)).collect();
            (names, line_at(&source, record.position()))
        }
        Err(error) => return Err(Problem::Content(record_fault(&source, &error).into())),
    };
    let help = Phrase {
        en: "give a header line, then one row per timestep",
        es: "dar una línea de encabezado y luego una fila por paso de tiempo",
    };
    match header.as_slice() {
        [] => Err(Problem::Content(
            Fault::of_file(&source.name, Phrase { en: "the file is empty", es: "el archivo está vacío" }, help).into(),
        )),
        names if names.iter().all(String::is_empty) => {
            Err(Problem::Content(Fault::at(&source, first_line, NAMES_NONE, help).into()))
        }
        [_] if source.text[first_line.clone()].trim().contains([';', '\t']) => {
            let message = Phrase {
                en: "the header is one cell with semicolons or tabs in it",
                es: "el encabezado es una sola casilla con puntos y comas o tabuladores",
            };
            let help = Phrase {
                en: "separate the cells with commas, and write numbers with a decimal point",
                es: "separar las casillas con comas, y escribir los números con punto decimal",
            };
            Err(Problem::Content(Fault::at(&source, first_line, message, help).into()))
        }
        _ => Ok(CsvTable { source, header, first_line }),
    }
}

impl CsvTable {
    /// That the first line has only numbers, which are no names unless they are asked for: else the first row would be lost
    /// without a word.
    pub fn header_of_numbers(&self) -> Option<Fault> {
        let message = Phrase {
            en: "the first line has only numbers, but must name the columns",
            es: "la primera línea solo tiene números, pero debe nombrar las columnas",
        };
        let help = Phrase {
            en: "put a line of names first, one per column, like `a,b`",
            es: "poner primero una línea de nombres, uno por columna, como `a,b`",
        };
        let is_number = |name: &String| name.is_empty() || name.parse::<f64>().is_ok();
        self.header.iter().all(is_number).then(|| Fault::at(&self.source, self.first_line.clone(), message, help))
    }

    /// The numbers of some columns, counted from 0, `[timesteps, columns]`, and how many timesteps there are, where every line
    /// can be read.
    ///
    /// Every cell that is not a finite number, for which NaN stands, a line with too few or too many cells, and a file without
    /// rows are faults.
    pub fn numbers(&self, columns: &[usize], faults: &mut Faults) -> (Array2<f64>, Option<usize>) {
        let mut numbers = Vec::new();
        let (mut rows, mut unread) = (0, 0);
        let mut reader = reader(&self.source.text);
        let mut record = csv::StringRecord::new();
        loop {
            match reader.read_record(&mut record) {
                Ok(true) => rows += 1,
                Ok(false) => break,
                Err(error) => {
                    faults.push(|| record_fault(&self.source, &error));
                    unread += 1;
                    continue;
                }
            }
            for &column in columns {
                let cell = record[column].trim();
                let number = cell.parse().ok().filter(|number: &f64| number.is_finite());
                if number.is_none() {
                    faults.push(|| self.cell_fault(&record, column, cell));
                }
                numbers.push(number.unwrap_or(f64::NAN));
            }
        }
        if rows + unread == 0 {
            let message = Phrase { en: "there is no row below the header", es: "no hay ninguna fila debajo del encabezado" };
            let help = Phrase { en: "give one row per timestep", es: "dar una fila por paso de tiempo" };
            faults.push(|| Fault::of_file(&self.source.name, message, help));
        }
        let timesteps = Some(rows).filter(|&rows| rows > 0 && unread == 0);
        (Array2::from_shape_vec((rows, columns.len()), numbers).unwrap_or_default(), timesteps)
    }

    /// A name that several columns have is a fault where one of them is used, since it does not say which.
    pub fn different_names(&self, used: &[usize], faults: &mut Faults) {
        let mut is_used = vec![false; self.header.len()];
        used.iter().for_each(|&column| is_used[column] = true);
        let mut by_name: Vec<usize> = (0..self.header.len()).filter(|&column| !self.header[column].is_empty()).collect();
        by_name.sort_by_key(|&column| (&self.header[column], column));
        for columns in by_name.chunk_by(|&a, &b| self.header[a] == self.header[b]) {
            let &[first, second, ..] = columns else { continue };
            if !columns.iter().any(|&column| is_used[column]) {
                continue;
            }
            faults.push(|| {
                let (name, count) = (shown(&self.header[first]), columns.len());
                let message = both!("{count} columns are called `{name}`", "{count} columnas se llaman `{name}`");
                let help = Phrase {
                    en: "give every column in the first line a name of its own",
                    es: "dar a cada columna de la primera línea un nombre propio",
                };
                Fault::at(&self.source, self.cell_span(self.first_line.clone(), second, &self.header[second]), message, help)
            });
        }
    }

    /// The place of a cell where it can be told from its line, else the line: not where a cell is in quotes.
    fn cell_span(&self, line: Range<usize>, column: usize, cell: &str) -> Range<usize> {
        let text = &self.source.text[line.clone()];
        let before: usize = text.split(',').take(column).map(|cell| cell.len() + 1).sum();
        let raw = text.get(before..).and_then(|rest| rest.split(',').next()).unwrap_or_default();
        if raw.trim() == cell {
            let start = line.start + before + (raw.len() - raw.trim_start().len());
            start..start + cell.len()
        } else {
            line
        }
    }

    fn cell_fault(&self, record: &csv::StringRecord, column: usize, cell: &str) -> Fault {
        let span = self.cell_span(line_at(&self.source, record.position()), column, cell);
        let name = shown(&self.header[column]);
        if cell.is_empty() {
            let message = both!("the cell in column `{name}` is empty", "la casilla de la columna `{name}` está vacía");
            let help = Phrase {
                en: "write its number, or leave the row out; or choose other columns with `columns = [\"…\"]`",
                es: "escribir su número, o quitar la fila; o elegir otras columnas con `columns = [\"…\"]`",
            };
            return Fault::at(&self.source, span, message, help);
        }
        let cell = shown(cell);
        let message = both!(
            "`{cell}` in column `{name}` is not a finite number",
            "`{cell}`, en la columna `{name}`, no es un número finito",
        );
        let help = Phrase {
            en: "write numbers with a decimal point; choose columns with `columns = [\"…\"]`",
            es: "escribir los números con punto decimal; elegir columnas con `columns = [\"…\"]`",
        };
        Fault::at(&self.source, span, message, help)
    }
}

/// Where the quote is that begins a cell and is never closed, if there is one.
fn open_quote(text: &str) -> Option<usize> {
    enum At {
        Start,
        Cell,
        Quoted(usize),
        Quote(usize),
    }
    let mut at = At::Start;
    for (i, byte) in text.bytes().enumerate() {
        at = match (at, byte) {
            (At::Start, b'"') => At::Quoted(i),
            (At::Quoted(start), b'"') => At::Quote(start),
            // Two of them are one within the cell.
            (At::Quote(start), b'"') | (At::Quoted(start), _) => At::Quoted(start),
            (_, b',' | b'\n' | b'\r') => At::Start,
            _ => At::Cell,
        };
    }
    if let At::Quoted(start) = at { Some(start) } else { None }
}

fn reader(text: &str) -> csv::Reader<&[u8]> {
    csv::Reader::from_reader(text.as_bytes())
}

fn record_fault(source: &Source, error: &csv::Error) -> Fault {
    let message = match error.kind() {
        csv::ErrorKind::UnequalLengths { expected_len, len, .. } => {
            both!(
                "this line has {cells}, but the header has {expected_len}",
                "esta línea tiene {cells}, pero el encabezado tiene {expected_len}",
                cells = count(*len as usize, Noun::Cell)
            )
        }
        _ => Text::same(error.to_string()),
    };
    let help = Phrase {
        en: "give every line one cell per column of the header, separated by commas",
        es: "dar a cada línea una casilla por columna del encabezado, separadas por comas",
    };
    Fault::at(source, line_at(source, error.position()), message, help)
}

/// The line where a record begins: the reader's position is before the line breaks that come first.
fn line_at(source: &Source, position: Option<&csv::Position>) -> Range<usize> {
    let from = position.map_or(0, |position| position.byte() as usize);
    let rest = source.text.get(from..).unwrap_or_default();
    let line = rest.trim_start_matches(['\r', '\n']);
    let start = source.text.len() - line.len();
    start..start + line.find(['\r', '\n']).unwrap_or(line.len())
}
